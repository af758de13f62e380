import { describe, expect, it } from 'vitest';
import { buildPregnancy, buildScaleChoice } from '../../../../domain/record/standing-facts.ts';
import { opened, PATIENT } from './fixtures.ts';

function at(effective: string, id: string) {
  return {
    subject: { reference: `Patient/${PATIENT}` },
    performer: [{ reference: 'Practitioner/n', display: 'Nurse Joy' }],
    effective,
    recorded: effective,
    newId: () => id,
  };
}

const standing = (...resources: readonly object[]) => opened(resources).record()?.standing;

describe('answers that hold until they expire', () => {
  it('pregnancy is a coded entry with its last day, read back with who and when', () => {
    const made = buildPregnancy('pregnant', '2027-03-01', at('2026-11-22T10:00:00+00:00', 'a'));
    expect(made.code.coding?.[0]?.code).toBe('77386006');
    expect(standing(made)?.pregnancy).toEqual({
      answer: 'pregnant',
      on: '2026-11-22T10:00:00+00:00',
      until: '2027-03-15',
      by: 'Nurse Joy',
    });
    const entry = opened([made]).view('timeline')[0];
    expect(entry?.details).toEqual(
      expect.arrayContaining([
        { label: 'Expected date of birth', value: '01-Mar-2027' },
        { label: 'Holds until', value: '15-Mar-2027' },
      ]),
    );
  });

  it('the newest answer counts; a mistaken one does not; one from elsewhere expires as ours', () => {
    const older = buildPregnancy('pregnant', null, at('2026-10-01T10:00:00Z', 'a'));
    const newer = buildPregnancy('not-pregnant', null, at('2026-11-01T10:00:00Z', 'b'));
    expect(standing(newer, older)?.pregnancy?.answer).toBe('not-pregnant');
    expect(standing(older, { ...newer, status: 'entered-in-error' })?.pregnancy?.answer).toBe('pregnant');
    expect(standing({ ...older, extension: [] })?.pregnancy?.until).toBe('2026-12-30');
  });

  it('scale 2 is a recorded choice with who and when, and can be taken back by another', () => {
    const chosen = buildScaleChoice(2, at('2026-11-01T10:00:00Z', 'a'));
    expect(standing()?.spo2Scale).toBeNull();
    expect(standing(chosen)?.spo2Scale).toEqual({ scale: 2, on: '2026-11-01T10:00:00Z', by: 'Nurse Joy' });
    const back = buildScaleChoice(1, at('2026-11-02T10:00:00Z', 'b'));
    expect(standing(back, chosen)?.spo2Scale?.scale).toBe(1);
  });

  it('sex is the recorded one, never the gender', () => {
    expect(standing()?.sex).toBe('not-recorded');
  });
});
