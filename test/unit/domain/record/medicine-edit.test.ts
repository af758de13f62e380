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

describe('a medicine given here', () => {
  it.each([
    ['40 mg', { value: 40, unit: 'mg' }],
    ['1,000 units', { value: 1000, unit: 'units' }],
    ['0.5 ml', { value: 0.5, unit: 'ml' }],
  ])('%s is an amount, with its words beside it', (dose, amount) => {
    const { after } = medicineGiven(
      { id: 'm', drug: { text: 'Heparin' }, dose, given: '2026-11-22T10:00:00+00:00' },
      context,
    );
    expect(after['dosage']).toEqual({ text: dose, dose: amount });
  });

  it.each(['half', '1,5 mg'])('%s is kept as words', (dose) => {
    const { after } = medicineGiven(
      { id: 'm', drug: { text: 'Heparin' }, dose, given: '2026-11-22T10:00:00+00:00' },
      context,
    );
    expect(after).not.toHaveProperty('dosage');
    expect(JSON.stringify(after['note'])).toContain(`Dose: ${dose}`);
  });
});

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
