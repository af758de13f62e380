import { randomUUID } from 'node:crypto';
import type { ResourceJson } from '../../domain/sync/operation.ts';

/** Small valid R4 resources of an invented patient. */
export function patientResource(id: string = randomUUID(), elements: object = {}): ResourceJson {
  return {
    resourceType: 'Patient',
    id,
    active: true,
    name: [{ use: 'official', family: 'Exempelton', given: ['Ada'] }],
    birthDate: '1961-01-05',
    gender: 'female',
    telecom: [
      { system: 'phone', value: '07700900001', use: 'mobile' },
      { system: 'phone', value: '01632960001', use: 'home' },
    ],
    ...elements,
  };
}

export function encounterResource(patientId: string, elements: object = {}): ResourceJson {
  return {
    resourceType: 'Encounter',
    id: randomUUID(),
    status: 'finished',
    class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'AMB' },
    subject: { reference: `Patient/${patientId}` },
    ...elements,
  };
}

export function compositionResource(
  patientId: string,
  encounterId: string,
  elements: object = {},
): ResourceJson {
  return {
    resourceType: 'Composition',
    id: randomUUID(),
    status: 'final',
    type: { coding: [{ system: 'http://snomed.info/sct', code: '325851000000107' }] },
    subject: { reference: `Patient/${patientId}` },
    encounter: { reference: `Encounter/${encounterId}` },
    date: '2026-11-20T09:10:00Z',
    author: [{ display: 'Dr Amara Okafor' }],
    title: 'GP surgery',
    section: [
      {
        title: 'History',
        text: { status: 'generated', div: '<div xmlns="http://www.w3.org/1999/xhtml">Cough</div>' },
      },
    ],
    ...elements,
  };
}

export function observationResource(patientId: string, elements: object = {}): ResourceJson {
  return {
    resourceType: 'Observation',
    id: randomUUID(),
    status: 'final',
    code: { coding: [{ system: 'http://snomed.info/sct', code: '27113001', display: 'Body weight' }] },
    subject: { reference: `Patient/${patientId}` },
    effectiveDateTime: '2026-11-20T09:12:00+00:00',
    valueQuantity: { value: 71.5, unit: 'kg', system: 'http://unitsofmeasure.org', code: 'kg' },
    ...elements,
  };
}

export function allergyResource(patientId: string, elements: object = {}): ResourceJson {
  return {
    resourceType: 'AllergyIntolerance',
    id: randomUUID(),
    clinicalStatus: {
      coding: [
        { system: 'http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical', code: 'active' },
      ],
    },
    verificationStatus: {
      coding: [
        {
          system: 'http://terminology.hl7.org/CodeSystem/allergyintolerance-verification',
          code: 'confirmed',
        },
      ],
    },
    code: { coding: [{ system: 'http://snomed.info/sct', code: '764146007', display: 'Penicillin' }] },
    patient: { reference: `Patient/${patientId}` },
    ...elements,
  };
}

export function medicationRequestResource(patientId: string, elements: object = {}): ResourceJson {
  return {
    resourceType: 'MedicationRequest',
    id: randomUUID(),
    status: 'active',
    intent: 'order',
    medicationCodeableConcept: {
      coding: [
        { system: 'http://snomed.info/sct', code: '323509004', display: 'Amoxicillin 500mg capsules' },
      ],
    },
    subject: { reference: `Patient/${patientId}` },
    ...elements,
  };
}
