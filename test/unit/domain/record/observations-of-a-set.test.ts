import { describe, expect, it } from 'vitest';
import { scoreNews2 } from '../../../../domain/clinical/news2.ts';
import {
  buildObservations,
  type EnteredObservation,
} from '../../../../domain/clinical/observation-resources.ts';
import { pending, opened, PATIENT } from './fixtures.ts';

/** Ids that sort the other way round: what keeps the order is never the id. */
function build(entered: readonly EnteredObservation[], withScore = false) {
  let next = 100;
  const result = scoreNews2(
    { respiration: 18, systolic: 148 },
    { ageYears: 50, pregnancy: 'not-pregnant' },
    { scale: 1 },
  );
  return buildObservations(
    entered,
    {
      subject: { reference: `Patient/${PATIENT}` },
      performer: [{ reference: 'Practitioner/n' }],
      effective: '2026-11-22T10:00:00Z',
      recorded: '2026-11-22T10:00:00Z',
      newId: () => `o${(next -= 1)}`,
    },
    withScore ? { result, scale: { scale: 1 } } : undefined,
  );
}

const number = (written: string) => ({ kind: 'number', written }) as const;

function pressure(systolic: string, place: number, represents: boolean): EnteredObservation {
  return {
    key: 'bloodPressure',
    value: { systolic: number(systolic), diastolic: number('88') },
    state: 'sitting',
    series: { number: place, of: 3, represents },
  };
}

const SET: readonly EnteredObservation[] = [
  { key: 'respiration', value: number('18') },
  pressure('160', 1, false),
  pressure('152', 2, false),
  pressure('148', 3, true),
  { key: 'weight', value: number('80') },
  { key: 'pulse', value: number('72') },
];

const WORDS = ['18', '160', '152', '148', '80', '72'];

function journalOf(record: ReturnType<typeof opened>): readonly string[] {
  return record
    .view('journal')
    .map((item) => (item.kind === 'entry' ? (item.entry.value ?? '').replace(/[/ ].*/, '') : item.type));
}

describe('observations of one set', () => {
  it('keep the order in which they were entered, sent or not', () => {
    const built = build(SET);
    expect(journalOf(opened(built.toReversed()))).toEqual(WORDS);
    const waiting = built.map((one, index) => pending(one, 'waiting', { deviceSeq: 50 - index }));
    expect(journalOf(opened([], { pending: waiting }))).toEqual(WORDS);
  });

  it('what NEWS2 was worked out from stands by itself too, in its place, whichever comes first', () => {
    const built = build(SET, true);
    for (const order of [built, built.toReversed()])
      expect(journalOf(opened(order)).slice(0, WORDS.length)).toEqual(WORDS);
  });

  it('a score names only the pressure that stands for the set', () => {
    const built = build(SET, true);
    const members = built.at(-1)?.hasMember?.map(({ reference }) => reference);
    expect(members).toEqual([0, 3, 5].map((at) => `Observation/${built[at]?.id ?? ''}`));
  });

  it('the reading that stands for the set is the latest; the others are there and say which they are', () => {
    const earlier = { ...build([{ ...SET[3], series: undefined } as EnteredObservation])[0], id: 'old' };
    const record = opened([
      ...build(SET),
      { ...earlier, effectiveDateTime: '2026-01-01T10:00:00Z', issued: '2026-01-01T10:00:00Z' },
    ]);
    const row = record.view('observations').find(({ kind }) => kind === 'bloodPressure');
    expect(row?.readings.map(({ written, besides }) => [written, besides])).toEqual([
      ['148/88', false],
      ['160/88', true],
      ['152/88', true],
      ['148/88', false],
    ]);
    expect(row?.readings[1]?.qualifiers).toEqual(['sitting', 'reading 1 of 3']);
    expect(row?.readings[0]?.qualifiers).toContain('reading 3 of 3, stands for the set');
    const last = record.record()?.summary.lastValues.find(({ kind }) => kind === 'bloodPressure');
    expect([last?.latest.written, last?.previous?.when]).toEqual(['148/88', '2026-01-01T10:00:00Z']);
  });

  it('where the reading that stood for the set was a mistake, the others count again', () => {
    const built = build(SET).map((one, index) =>
      index === 3 ? { ...one, status: 'entered-in-error' as const } : one,
    );
    const last = opened(built)
      .record()
      ?.summary.lastValues.find(({ kind }) => kind === 'bloodPressure');
    expect(last?.latest.written).toBe('160/88');
  });

  it('things that name each other in a circle do not vanish', () => {
    const panel = (id: string, of: string) => ({
      resourceType: 'Observation',
      id,
      status: 'final',
      code: { text: `Panel ${id}` },
      hasMember: [{ reference: `Observation/${of}` }],
    });
    expect(opened([panel('a', 'b'), panel('b', 'a')]).view('journal')).toHaveLength(2);
  });
});

describe('a range for adults', () => {
  const haemoglobin = (birthDate: string) => {
    const record = opened(
      [
        {
          resourceType: 'Observation',
          id: 'hb',
          status: 'final',
          code: { text: 'Haemoglobin' },
          effectiveDateTime: '2026-11-01',
          valueQuantity: { value: 110, unit: 'g/L', code: 'g/L' },
          referenceRange: [
            {
              low: { value: 120, unit: 'g/L' },
              high: { value: 160, unit: 'g/L' },
              appliesTo: [{ text: 'Adults' }],
            },
          ],
        },
      ],
      { patient: { birthDate } },
    );
    return {
      reading: record.view('observations')[0]?.readings[0],
      series: record.view('series')[0],
    };
  };

  it('is never put to a child’s value: no mark, no band, and words instead (H-037)', () => {
    const { reading, series } = haemoglobin('2022-02-01');
    expect(reading?.abnormal).toBe(false);
    expect(reading?.range).toContain('no usual range for a child here');
    expect(series?.normal).toBeNull();
  });

  it('marks an adult’s value, with its population', () => {
    const { reading, series } = haemoglobin('1980-02-01');
    expect(reading?.abnormal).toBe(true);
    expect(reading?.range).toBe('120 g/L to 160 g/L (Adults)');
    expect(series?.normal).toMatchObject({ low: 120, high: 160, population: 'Adults' });
  });
});

describe('what a print leaves out', () => {
  const of = { subject: { reference: `Patient/${PATIENT}` } };
  it('sensitive and safeguarding entries carry their guard wherever they stand', () => {
    const record = opened([
      {
        resourceType: 'Condition',
        id: 'c',
        code: { text: 'Something private' },
        ...of,
        meta: { security: [{ code: 'third-party', display: 'Third party' }] },
      },
      {
        resourceType: 'Condition',
        id: 'd',
        code: { text: 'Asthma' },
        ...of,
        meta: { security: [{ code: 'N' }] },
      },
      { resourceType: 'Flag', id: 'f', status: 'active', code: { text: 'Child at risk' }, ...of },
    ]);
    expect(record.view('timeline').map(({ source }) => source.guarded)).toEqual([
      'sensitive',
      undefined,
      'safeguarding',
      undefined,
    ]);
    expect(record.record()?.sensitiveEntries).toBe(1);
    expect(record.record()?.alerts[0]?.source.guarded).toBe('safeguarding');
  });

  it('what was coded or measured in a marked consultation is marked with it, an allergy never', () => {
    const within = (encounter: string) => ({ encounter: { reference: `Encounter/${encounter}` } });
    const consultation = (encounter: string, security: readonly object[]) => ({
      resourceType: 'Composition',
      id: `of-${encounter}`,
      status: 'final',
      title: 'Consultation',
      author: [],
      meta: { security },
      ...within(encounter),
    });
    const condition = (id: string, encounter: string) => ({
      resourceType: 'Condition',
      id,
      code: { text: id },
      ...of,
      ...within(encounter),
    });
    const record = opened([
      consultation('private', [{ code: 'not-for-online-viewing', display: 'Not for online viewing' }]),
      consultation('open', [{ code: 'N' }]),
      condition('private problem', 'private'),
      condition('open problem', 'open'),
      { resourceType: 'AllergyIntolerance', id: 'allergy', code: { text: 'Nuts' }, ...within('private') },
    ]);
    const guards = record.view('timeline').map(({ source }) => [source.key, source.guarded]);
    expect(guards).toContainEqual(['Condition/private problem', 'sensitive']);
    expect(guards).toContainEqual(['Composition/of-private', 'sensitive']);
    expect(guards).toContainEqual(['Condition/open problem', undefined]);
    expect(guards).toContainEqual(['AllergyIntolerance/allergy', undefined]);
    expect(record.record()?.sensitiveEntries).toBe(2);
  });
});
