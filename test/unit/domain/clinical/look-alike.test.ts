import { describe, expect, it } from 'vitest';
import { lookAlikeWords } from '../../../../domain/clinical/look-alike.ts';
import type { PatientId } from '../../../../domain/identifiers.ts';
import type { DirectoryEntry } from '../../../../domain/record/directory-entry.ts';

const entry = (id: string): DirectoryEntry => ({
  id: id as PatientId,
  family: 'Smith',
  given: ['John'],
  phones: [],
  protectedPatient: false,
  registration: 'registered',
  safety: { allergyTitle: 'Allergies not recorded', allergies: [], flags: [] },
  pack: { resources: 1, bytes: 1 },
});
const nobody = { sameName: [], twins: [], similarName: [], household: [] };

describe('people who may be taken for this patient', () => {
  it('says nothing where nobody is like this patient', () => {
    expect(lookAlikeWords(nobody)).toEqual({ alert: [], household: null });
  });

  it('counts the same name, tells twins apart from it, and never names anybody', () => {
    const words = lookAlikeWords({
      ...nobody,
      sameName: [entry('a'), entry('b')],
      twins: [entry('a'), entry('c'), entry('e')],
      similarName: [entry('d'), entry('e')],
    });
    expect(words.alert).toEqual([
      '2 other patients have the same name.',
      'Another patient has a similar name and the same date of birth.',
      'Another patient has the same family name and date of birth.',
      'Another patient has a similar name.',
    ]);
    expect(JSON.stringify(words)).not.toContain('Smith');
  });

  it('keeps a household apart: a quieter word, no alarm', () => {
    expect(lookAlikeWords({ ...nobody, household: [entry('a')] })).toEqual({
      alert: [],
      household: 'Another patient with this family name lives at this address.',
    });
  });
});
