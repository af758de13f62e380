import { describe, expect, it } from 'vitest';
import { scoreNews2 } from '../../../../../domain/clinical/news2.ts';
import { buildObservations } from '../../../../../domain/clinical/observation-resources.ts';
import { newNote } from '../../../../../renderer/features/consultation/new-note.ts';
import {
  emptyLine,
  problemByDefault,
  withProblemToggled,
} from '../../../../../renderer/features/consultation/note.ts';
import {
  notOnProblemList,
  observationsInWords,
  problemsInWords,
  tasksInWords,
} from '../../../../../renderer/features/consultation/to-write.ts';
import { enteredOf, EMPTY_SET, news2Of } from '../../../../../renderer/features/observations/index.ts';

const patient = { ageMonths: 600, ageYears: 50 };
const context = {
  subject: { reference: 'Patient/p' },
  performer: [],
  effective: '2026-11-23T09:00:00+00:00',
  recorded: '2026-11-23T09:00:00+00:00',
  newId: () => 'id',
};

describe('the review', () => {
  it('lists every observation with value and unit, NEWS2 with its band in words', () => {
    const texts = {
      respiration: '26',
      spo2: '91',
      oxygen: 'a',
      bloodPressure: '100/60',
      pulse: '120',
      consciousness: 'a',
      temperature: '38.5',
    };
    const state = { ...EMPTY_SET, texts };
    const { entered } = enteredOf(
      ['respiration', 'spo2', 'oxygen', 'bloodPressure', 'pulse', 'consciousness', 'temperature'],
      state,
      patient,
    );
    const news2 = news2Of(state, patient, {
      by: 'Dr A',
      on: '2026-11-23',
      standing: { pregnancy: null, spo2Scale: null, sex: 'male' } as unknown as Parameters<
        typeof news2Of
      >[2]['standing'],
    });
    const words = observationsInWords(buildObservations(entered, context, news2), news2.result).map(
      ({ name, value }) => `${name} ${value}`.trim(),
    );
    expect(words).toHaveLength(8);
    expect(words[0]).toMatch(/26 per minute$/);
    expect(words[1]).toMatch(/91%$/);
    expect(words[2]).toBe('Breathing room air');
    expect(words[3]).toMatch(/^Blood pressure.* 100\/60 mmHg$/);
    expect(words[6]).toMatch(/38\.5 °C$/);
    expect(words[7]).toMatch(/^NEWS2 1\d · Emergency$/);
  });

  it('says what is missing of a score that is not whole', () => {
    const result = scoreNews2({ pulse: 140 }, { ageYears: 50, pregnancy: 'not-pregnant' }, { scale: 1 });
    const [only] = observationsInWords(
      buildObservations([], context, { result, scale: { scale: 1 } }),
      result,
    );
    expect(only?.name).toMatch(/^NEWS2 At least 3.*Low-medium: one parameter scores 3$/);
  });

  it('lists the task of a follow-up with its day, and each problem with what it becomes', () => {
    const asthma = { code: '195967001', term: 'Asthma', kind: 'disorder' };
    const note = {
      ...newNote(),
      lines: [
        { ...emptyLine('1', 'Problem'), code: asthma, problem: 'significant' as const },
        { ...emptyLine('2', 'Problem'), code: asthma, problem: 'minor' as const, meaning: 'past' as const },
        { ...emptyLine('3', 'Assessment'), code: asthma },
        { ...emptyLine('4', 'Plan'), text: 'review 2/52' },
        { ...emptyLine('5', 'History'), text: 'ill since 2/52' },
      ],
    };
    expect(problemsInWords(note).map(({ name, value }) => `${name}: ${value}`)).toEqual([
      'Asthma: significant problem, active',
      'Asthma: minor problem, past',
    ]);
    expect(notOnProblemList(note).map(({ key }) => key)).toEqual(['3']);
    expect(tasksInWords(note, '2026-11-23').map(({ name, value }) => `${name}, ${value}`)).toEqual([
      'review 2/52, due Mon 07-Dec-2026 (in 2 weeks)',
    ]);
  });
});

describe('a coded line', () => {
  const asthma = { code: '195967001', term: 'Asthma', kind: 'disorder' };

  it('goes to the problem list by default under Problem only', () => {
    expect(problemByDefault('Problem')).toBe('significant');
    expect(problemByDefault('Assessment')).toBe('no');
    expect(problemByDefault('History')).toBe('no');
  });

  it('is toggled; family history and words without a code never go there', () => {
    const line = { ...emptyLine('1', 'Assessment'), code: asthma };
    const on = withProblemToggled(line);
    expect(on.problem).toBe('significant');
    expect(withProblemToggled(on)).toEqual(line);
    expect(withProblemToggled({ ...line, meaning: 'family' }).problem).toBe('no');
    expect(withProblemToggled(emptyLine('2', 'Problem')).problem).toBe('no');
  });
});
