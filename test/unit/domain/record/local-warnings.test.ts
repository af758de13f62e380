import { describe, expect, it } from 'vitest';
import {
  LOCAL_WARNINGS,
  localWarnings,
  reachWords,
  recordedHereWords,
} from '../../../../domain/record/local-warnings.ts';
import { opened } from './fixtures.ts';

const allergy = (id: string, more: object = {}) => ({
  resourceType: 'AllergyIntolerance',
  id,
  code: { text: 'Penicillin' },
  clinicalStatus: { coding: [{ code: 'active' }] },
  ...more,
});
const flag = (text: string, more: object = {}) => ({
  resourceType: 'Flag',
  id: text.slice(0, 4),
  status: 'active',
  code: { text },
  ...more,
});

function warningsOf(resources: readonly object[]) {
  const record = opened(resources).record();
  return record && localWarnings(record);
}

describe('that warnings are local (H-009, H-019)', () => {
  it('is said where an allergy or an alert warns, imported or entered here', () => {
    expect(warningsOf([allergy('a')])).toEqual({ onPaper: true });
    expect(warningsOf([allergy('a', { meta: { source: 'https://other.example#1' } })])).not.toBeNull();
    expect(warningsOf([flag('Needs a chaperone')])).toEqual({ onPaper: true });
  });

  it('is not said where nothing warns', () => {
    const completeness = {
      category: [
        {
          coding: [
            {
              system: 'https://gladstone.example/fhir/CodeSystem/record-completeness',
              code: 'data-in-transit',
            },
          ],
        },
      ],
    };
    for (const resources of [
      [],
      [allergy('a', { clinicalStatus: { coding: [{ code: 'resolved' }] } })],
      [
        allergy('a', {
          code: {
            text: 'No known allergy',
            coding: [{ system: 'http://snomed.info/sct', code: '716186003' }],
          },
        }),
      ],
      [flag('Ended alert', { status: 'inactive' })],
      [flag('Record in transit', completeness)],
    ])
      expect(warningsOf(resources)).toBeNull();
  });

  it('tells no print of a safeguarding or sensitive alert that stands alone', () => {
    const safeguarding = flag('Safeguarding: child protection plan');
    expect(warningsOf([safeguarding])).toEqual({ onPaper: false });
    expect(warningsOf([flag('Third party', { meta: { security: [{ code: 'R' }] } })])).toEqual({
      onPaper: false,
    });
    expect(warningsOf([safeguarding, allergy('a')])).toEqual({ onPaper: true });
  });

  it('in words: who is not warned, and where it is to be recorded as well', () => {
    for (const words of [LOCAL_WARNINGS, recordedHereWords(null), reachWords('Flag/f')])
      expect(words).toContain('other services are not warned unless the record is shared with them');
    expect(recordedHereWords('EMIS Web')).toContain('Record it in EMIS Web as well.');
    expect(recordedHereWords(null)).toContain('Record it in the system that prescribes as well.');
    expect(reachWords('Condition/c')).toBeNull();
  });
});
