import type { OperationOutcomeIssue } from '@medplum/fhirtypes';
import type { ResourceJson } from '../../domain/sync/operation.ts';
import { hasValidCheckDigit } from '../../domain/clinical/nhs-number.ts';

const NHS_NUMBER = 'https://fhir.nhs.uk/Id/nhs-number';
const SNOMED = 'http://snomed.info/sct';

type Rule = (resource: ResourceJson) => readonly (readonly [expression: string, text: string])[];

/** What UK Core (STU 3) asks beyond R4 and a machine can see without its terminology. Told, never refused. */
const rules: Readonly<Record<string, Rule>> = {
  Patient: (patient) => [
    ...recordsIn(patient['identifier'])
      .filter((identifier) => identifier['system'] === NHS_NUMBER)
      .flatMap((identifier) =>
        hasValidCheckDigit(String(identifier['value']))
          ? []
          : [['Patient.identifier', 'The NHS number fails its check digit.'] as const],
      ),
    ...(recordsIn(patient['name']).some((name) => name['use'] === 'official')
      ? []
      : [['Patient.name', 'UK Core wants one name with use "official".'] as const]),
    ...missing(patient, 'birthDate', 'UK Core Patient is found by date of birth.'),
  ],
  AllergyIntolerance: (allergy) => [
    ...missing(allergy, 'code', 'UK Core requires what the allergy is to.'),
    ...(isEnteredInError(allergy['verificationStatus'])
      ? []
      : missing(
          allergy,
          'clinicalStatus',
          'An allergy that was not entered in error has a clinical status.',
        )),
  ],
  Condition: (condition) => [
    ...missing(condition, 'code', 'UK Core requires a code.'),
    ...snomed(condition, 'code'),
  ],
  Observation: (observation) => [
    ...snomed(observation, 'code'),
    ...(['effectiveDateTime', 'effectivePeriod', 'effectiveInstant'].some(
      (key) => observation[key] !== undefined,
    )
      ? []
      : [
          [
            'Observation.effective[x]',
            'An observation without its time cannot be placed in the record.',
          ] as const,
        ]),
  ],
  Encounter: (encounter) => missing(encounter, 'subject', 'UK Core wants the patient of an encounter.'),
  MedicationRequest: (request) => snomed(request, 'medicationCodeableConcept'),
  MedicationStatement: (statement) => snomed(statement, 'medicationCodeableConcept'),
  Immunization: (immunization) => snomed(immunization, 'vaccineCode'),
  Procedure: (procedure) => [
    ...missing(procedure, 'code', 'UK Core requires a code.'),
    ...snomed(procedure, 'code'),
  ],
};

export function ukCoreWarnings(resource: ResourceJson): OperationOutcomeIssue[] {
  const found = rules[resource.resourceType]?.(resource) ?? [];
  return found.map(([expression, text]) => ({
    severity: 'warning',
    code: 'business-rule',
    details: { text },
    expression: [expression],
  }));
}

function missing(resource: ResourceJson, element: string, text: string): (readonly [string, string])[] {
  return resource[element] === undefined ? [[`${resource.resourceType}.${element}`, text]] : [];
}

function snomed(resource: ResourceJson, element: string): (readonly [string, string])[] {
  const concept = resource[element];
  if (!isRecord(concept) || recordsIn(concept['coding']).some((coding) => coding['system'] === SNOMED))
    return [];
  return [
    [`${resource.resourceType}.${element}`, 'UK Core prefers SNOMED CT here; no SNOMED CT code was given.'],
  ];
}

function isEnteredInError(concept: unknown): boolean {
  return (
    isRecord(concept) && recordsIn(concept['coding']).some((coding) => coding['code'] === 'entered-in-error')
  );
}

function recordsIn(value: unknown): readonly Record<string, unknown>[] {
  return Array.isArray(value) ? (value as unknown[]).filter(isRecord) : [];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
