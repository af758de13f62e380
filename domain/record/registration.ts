import type { Extension, Identifier, Patient } from '@medplum/fhirtypes';
import { NHS_NUMBER_SYSTEM } from '../clinical/banner.ts';
import { edit, type RecordEdit } from './record-edit.ts';

/** The minimum set of a registration, offline and without NHS number if need be (clinical.md, hazards). */
export interface EditedRegistration {
  readonly id: string;
  readonly kind: 'new' | 'temporary' | 'newborn';
  readonly family: string;
  readonly given: readonly string[];
  readonly title?: string;
  /** FHIR date, whole or partial. */
  readonly birthDate?: string;
  /** FHIR dateTime, for a newborn. */
  readonly birthTime?: string;
  readonly gender: 'male' | 'female' | 'other' | 'unknown';
  /** Ten digits, checked; unverified until the service's trace. */
  readonly nhsNumber?: string;
  readonly address?: { readonly lines: readonly string[]; readonly postcode?: string };
  readonly phones: readonly { readonly number: string; readonly use: 'home' | 'mobile' | 'work' }[];
  readonly email?: string;
  /** A newborn's mother, where registered here. */
  readonly mother?: { readonly patientId: string; readonly name: string };
  readonly organisation?: { readonly id: string; readonly name: string };
}

const VERIFICATION = {
  url: 'https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-NHSNumberVerificationStatus',
  system: 'https://fhir.hl7.org.uk/CodeSystem/UKCore-NHSNumberVerificationStatusEngland',
} as const;
/** A number of the practice's own, plainly not an NHS number (sync-bugs D2): the record's id in short. */
export const TEMPORARY_NUMBER_SYSTEM = 'https://gladstone.example/fhir/Id/temporary-patient';
const BIRTH_TIME = 'http://hl7.org/fhir/StructureDefinition/patient-birthTime';
const REGISTRATION_DETAILS =
  'https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-RegistrationDetails';

/** A new, temporary or newborn patient. Nothing is matched here; a person matches later (sync-bugs D7). */
export function registerPatient(registration: EditedRegistration): RecordEdit {
  const { nhsNumber, mother } = registration;
  const patient: Patient & { _birthDate?: { extension: { url: string; valueDateTime: string }[] } } = {
    resourceType: 'Patient',
    id: registration.id,
    extension: [
      {
        url: REGISTRATION_DETAILS,
        extension: [
          { url: 'preferredContactMethod', valueCodeableConcept: { text: 'Not recorded' } },
          { url: 'registrationType', valueCodeableConcept: { text: REGISTRATION_WORDS[registration.kind] } },
        ],
      },
    ],
    identifier: [
      nhsNumber === undefined
        ? {
            use: 'temp',
            system: TEMPORARY_NUMBER_SYSTEM,
            value: `TEMP-${registration.id.slice(0, 8).toUpperCase()}`,
            extension: [
              {
                url: VERIFICATION.url,
                valueCodeableConcept: {
                  coding: [{ system: VERIFICATION.system, code: '03', display: 'Trace required' }],
                },
              },
            ],
          }
        : nhsNumberIdentifier(nhsNumber),
    ],
    active: true,
    name: [
      {
        use: 'official',
        family: registration.family,
        given: [...registration.given],
        ...(registration.title !== undefined && { prefix: [registration.title] }),
      },
    ],
    telecom: [
      ...registration.phones.map((phone) => ({
        system: 'phone' as const,
        value: phone.number,
        use: phone.use,
      })),
      ...(registration.email === undefined ? [] : [{ system: 'email' as const, value: registration.email }]),
    ],
    gender: registration.gender,
    ...(registration.birthDate !== undefined && { birthDate: registration.birthDate }),
    ...(registration.birthTime !== undefined && {
      _birthDate: { extension: [{ url: BIRTH_TIME, valueDateTime: registration.birthTime }] },
    }),
    ...(registration.address && {
      address: [
        {
          use: registration.kind === 'temporary' ? ('temp' as const) : ('home' as const),
          line: [...registration.address.lines],
          ...(registration.address.postcode !== undefined && {
            postalCode: registration.address.postcode,
          }),
        },
      ],
    }),
    ...(mother && {
      contact: [
        {
          relationship: [
            {
              coding: [
                {
                  system: 'http://terminology.hl7.org/CodeSystem/v3-RoleCode',
                  code: 'MTH',
                  display: 'mother',
                },
              ],
            },
          ],
          name: { text: mother.name },
        },
      ],
    }),
    ...(registration.organisation && {
      managingOrganization: {
        reference: `Organization/${registration.organisation.id}`,
        display: registration.organisation.name,
      },
    }),
  };
  if (patient.telecom?.length === 0) delete patient.telecom;
  return edit('create', patient);
}

const REGISTRATION_WORDS: Readonly<Record<EditedRegistration['kind'], string>> = {
  new: 'Regular',
  temporary: 'Temporary',
  newborn: 'Newborn, not yet matched',
};

/** As typed by a person: present, and not traced with the national service. */
export function nhsNumberIdentifier(nhsNumber: string): Identifier {
  return {
    use: 'official',
    system: NHS_NUMBER_SYSTEM,
    value: nhsNumber,
    extension: [
      {
        url: VERIFICATION.url,
        valueCodeableConcept: {
          coding: [{ system: VERIFICATION.system, code: '02', display: 'Number present but not traced' }],
        },
      },
    ],
  };
}

/** The registration of a newborn who waited to be matched, once the number is known. */
export function asMatched(extensions: readonly Extension[]): Extension[] {
  return extensions.map((details) =>
    details.url === REGISTRATION_DETAILS && details.extension
      ? {
          ...details,
          extension: details.extension.map((part) =>
            part.valueCodeableConcept?.text === REGISTRATION_WORDS.newborn
              ? { ...part, valueCodeableConcept: { text: REGISTRATION_WORDS.new } }
              : part,
          ),
        }
      : details,
  );
}
