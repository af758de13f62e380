import { describe, expect, it } from 'vitest';
import { recordedAlthough } from '../../../../domain/record/recorded-although.ts';
import { medicineGiven, medicineTaken } from '../../../../domain/record/medicine-edit.ts';

const context = {
  patientId: 'p',
  author: { practitionerId: 'd', name: 'Dr Piotr Zielinski' },
  recorded: '2026-11-22T10:00:00+00:00',
  newId: () => 'new',
};

const clashing = {
  id: 'm',
  drug: { text: 'Amoxicillin' },
  although: { warnings: ['Amoxicillin belongs to the penicillins.'], reason: 'tolerated since' },
};

describe('a medicine that the patient takes', () => {
  it('has no empty element where no date was said: the service would refuse the whole entry', () => {
    const { after } = medicineTaken(
      { id: 'm', drug: { text: 'Amoxicillin 500 mg capsules' }, source: 'patient reports' },
      context,
    );
    expect(after).not.toHaveProperty('effectivePeriod');
    expect(JSON.stringify(after)).not.toContain('{}');
  });

  it('keeps the date that was said', () => {
    const { after } = medicineTaken(
      { id: 'm', drug: { text: 'Ramipril' }, source: 'patient reports', started: '2026-11-01' },
      context,
    );
    expect(after['effectivePeriod']).toEqual({ start: '2026-11-01' });
  });

  it.each([
    ['taken', medicineTaken({ ...clashing, source: 'patient reports' }, context)],
    ['given here', medicineGiven({ ...clashing, given: '2026-11-22T10:00:00+00:00' }, context)],
  ])('%s against a known allergy keeps the warning and the reason with the entry', (_, { after }) => {
    expect(recordedAlthough(after as object)).toEqual(clashing.although);
  });
});
