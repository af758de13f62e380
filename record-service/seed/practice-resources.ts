import type { Resource } from '@medplum/fhirtypes';
import { demoOrganisation, demoStaff } from './demo-practice.ts';

/** The organisation, its places and its people. */
export function practiceResources(): readonly Resource[] {
  const organization = { reference: `Organization/${demoOrganisation.id}`, display: demoOrganisation.name };
  const address = {
    line: ['1 Market Place'],
    city: 'Netherby',
    district: 'Calderdale',
    postalCode: 'ZZ99 1AA',
  };
  const shared: Resource[] = [
    {
      resourceType: 'Organization',
      id: demoOrganisation.id,
      meta: { profile: ['https://fhir.hl7.org.uk/StructureDefinition/UKCore-Organization'] },
      identifier: [
        { system: 'https://fhir.nhs.uk/Id/ods-organization-code', value: demoOrganisation.odsCode },
      ],
      active: true,
      type: [{ text: 'GP Practice' }],
      name: demoOrganisation.name,
      telecom: [{ system: 'phone', value: '01632 960100', use: 'work' }],
      address: [{ use: 'work', ...address }],
    },
    {
      resourceType: 'Location',
      id: demoOrganisation.mainLocationId,
      status: 'active',
      name: 'Main surgery',
      address,
      managingOrganization: organization,
    },
    {
      resourceType: 'Location',
      id: demoOrganisation.branchLocationId,
      status: 'active',
      name: 'Branch surgery, Hollin Bridge',
      address: { ...address, line: ['Chapel Street', 'Hollin Bridge'], postalCode: 'ZZ99 4HB' },
      managingOrganization: organization,
    },
  ];
  for (const staff of Object.values(demoStaff)) {
    shared.push(
      {
        resourceType: 'Practitioner',
        id: staff.practitionerId,
        meta: { profile: ['https://fhir.hl7.org.uk/StructureDefinition/UKCore-Practitioner'] },
        active: true,
        name: [{ use: 'official', family: staff.family, given: [staff.given], prefix: [staff.title] }],
        gender: staff.gender,
      },
      {
        resourceType: 'PractitionerRole',
        id: staff.practitionerRoleId,
        active: true,
        practitioner: { reference: `Practitioner/${staff.practitionerId}`, display: staff.displayName },
        organization,
        code: [
          {
            coding: [
              {
                system: 'https://fhir.hl7.org.uk/CodeSystem/UKCore-SDSJobRoleName',
                code: staff.jobRoleCode,
                display: staff.jobRoleName,
              },
            ],
          },
        ],
        location: [{ reference: `Location/${demoOrganisation.mainLocationId}`, display: 'Main surgery' }],
      },
    );
  }
  return shared;
}
