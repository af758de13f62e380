import { describe, expect, it } from 'vitest';
import { encounterNamed, subjectMismatch } from '../../../../domain/record/subject.ts';

const of = (id: string) => ({ reference: `Patient/${id}` });
const entry = (resourceType: string, more: object) => ({ resourceType, id: 'x', ...more });

describe('whose record an entry belongs to (I14, D9)', () => {
  it.each([
    ['an observation of the patient', entry('Observation', { subject: of('p') }), 'p', null],
    ['an observation of another', entry('Observation', { subject: of('q') }), 'p', 'other-patient'],
    ['an observation of nobody', entry('Observation', {}), 'p', 'other-patient'],
    ['an observation for no patient', entry('Observation', { subject: of('p') }), null, 'patient-not-said'],
    ['a setting of the practice', entry('Basic', {}), null, null],
    ['the patient', { resourceType: 'Patient', id: 'p' }, 'p', null],
    ['another patient', { resourceType: 'Patient', id: 'q' }, 'p', 'other-patient'],
    [
      'an entry that names a second patient as well',
      entry('Observation', { subject: of('p'), patient: of('q') }),
      'p',
      'second-patient',
    ],
    [
      'an allergy by an absolute reference with a version',
      entry('AllergyIntolerance', { patient: { reference: 'https://r/fhir/R4/o/Patient/p/_history/2' } }),
      'p',
      null,
    ],
    [
      'an appointment of a couple',
      entry('Appointment', { participant: [{ actor: of('p') }, { actor: of('q') }] }),
      'p',
      null,
    ],
    [
      'an appointment of others',
      entry('Appointment', { participant: [{ actor: of('q') }] }),
      'p',
      'other-patient',
    ],
    ['a link between two records', entry('Provenance', { target: [of('p'), of('q')] }), 'p', null],
    [
      'a list of the patient that names others',
      entry('List', { subject: of('p'), entry: [{ item: of('q') }] }),
      'p',
      null,
    ],
  ] as const)('%s', (_words, resource, patientId, mismatch) => {
    expect(subjectMismatch(resource, { patientId })).toBe(mismatch);
  });

  it('an entry of another consultation than the open one; without an open one any is right', () => {
    const resource = entry('Observation', { subject: of('p'), encounter: { reference: 'Encounter/e' } });
    expect(subjectMismatch(resource, { patientId: 'p', encounterId: 'f' })).toBe('other-encounter');
    expect(subjectMismatch(resource, { patientId: 'p', encounterId: 'e' })).toBeNull();
    expect(subjectMismatch(resource, { patientId: 'p' })).toBeNull();
  });

  it('a medicine names its consultation as context', () => {
    expect(encounterNamed(entry('MedicationStatement', { context: { reference: 'Encounter/e' } }))).toBe('e');
    expect(
      encounterNamed(entry('MedicationStatement', { context: { reference: 'EpisodeOfCare/e' } })),
    ).toBeNull();
  });
});
