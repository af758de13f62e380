import type { Encounter } from '@medplum/fhirtypes';
import { describe, expect, it } from 'vitest';
import { companionWords, readCompanions, type Companion } from '../../../../domain/record/companion.ts';
import { signConsultation, type EditedConsultation } from '../../../../domain/record/consultation.ts';
import { compartmentOf } from '../../../../domain/record/patient-compartment.ts';
import { opened, PATIENT } from './fixtures.ts';
import { validate } from '../../../../record-service/validation/validate.ts';

const mother: Companion = { id: 'p1', role: 'accompanied', relation: 'mother', name: 'Jane Smith' };
const son: Companion = {
  id: 'p2',
  role: 'informant',
  relation: 'son',
  name: 'Tom Smith',
  authority: { by: 'health-attorney', scope: 'treatment decisions', until: '2027-03-01' },
};
const nobody: Companion = { id: 'p3', role: 'accompanied', relation: '', name: ' ' };

function editsOf(companions: readonly Companion[]) {
  const consultation: EditedConsultation = {
    type: 'GP surgery',
    started: '2026-11-22T10:00:00+00:00',
    circumstances: [],
    sensitive: [],
    companions,
    topics: [{ title: '', headings: [{ heading: 'History', lines: [{ kind: 'text', text: 'Cough' }] }] }],
  };
  return signConsultation(
    consultation,
    { encounterId: 'e1', compositionId: 'c1' },
    {
      patientId: PATIENT,
      author: { practitionerId: 'doc1', name: 'Dr Okafor' },
      recorded: '2026-11-22T10:10:00+00:00',
      newId: () => 'x',
    },
  );
}

function encounterWith(companions: readonly Companion[]) {
  const [edit] = editsOf(companions);
  if (!edit) throw new Error('no encounter');
  return edit.after;
}

describe('who came along and who told the history (H-038)', () => {
  it('is data in the Encounter: relation by code, name, authority, scope and its end', () => {
    const encounter = encounterWith([mother, son]);
    expect(validate(encounter).errors).toEqual([]);
    expect(readCompanions(encounter as unknown as Encounter)).toEqual([mother, son]);
    expect(JSON.stringify(encounter)).toContain('"code":"MTH"');
  });

  it('is no staff of the consultation', () => {
    const [item] = opened(editsOf([mother, son]).map(({ after }) => after)).view('journal');
    expect(item?.kind === 'consultation' && item.staff.map(({ name }) => name)).toEqual(['Dr Okafor']);
  });

  it('stays in the patient’s record and leaves the clinician first', () => {
    const encounter = encounterWith([mother]);
    expect(compartmentOf(encounter)).toBe(PATIENT);
    expect((encounter as unknown as Encounter).participant?.[0]?.individual?.reference).toBe(
      'Practitioner/doc1',
    );
  });

  it('writes nothing where nobody was named, or the patient came alone', () => {
    const alone: Companion = { id: 'p4', role: 'accompanied', relation: 'alone', name: '' };
    expect(companionWords(alone)).toBe('Came alone');
    const encounter = encounterWith([nobody, alone]);
    expect(encounter).not.toHaveProperty('contained');
    expect((encounter as unknown as Encounter).participant).toHaveLength(1);
  });

  it.each([
    [mother, 'Accompanied by mother, Jane Smith'],
    [
      son,
      'History from son, Tom Smith; speaks for the patient: Lasting power of attorney for health (treatment decisions) until 2027-03-01',
    ],
    [{ ...mother, relation: '' as const }, 'Accompanied by Jane Smith'],
    [{ ...mother, name: '' }, 'Accompanied by mother'],
  ])('in words', (companion, words) => {
    expect(companionWords(companion)).toBe(words);
  });
});
