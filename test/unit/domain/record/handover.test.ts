import { describe, expect, it } from 'vitest';
import { handover, isOfNow } from '../../../../domain/record/handover.ts';
import type { HandoverDraft } from '../../../../domain/record/handover-draft.ts';
import { unsentMark, type Listed } from '../../../../domain/record/handover-list.ts';
import {
  restWords,
  stampWords,
  unsentSentences,
  wholenessWords,
} from '../../../../domain/record/handover-words.ts';
import type { ItemSource } from '../../../../domain/record/record-view.ts';
import type { PendingChange } from '../../../../domain/record/overlay.ts';
import { generatePractice } from '../../../../record-service/seed/practice.ts';
import { opened, PATIENT, pending } from './fixtures.ts';

const NOW = '2026-11-22T10:43:00+00:00';
const SENSITIVE = { meta: { security: [{ code: 'R' }] } };
const active = { clinicalStatus: { coding: [{ code: 'active' }] } };

function handoverOf(
  resources: readonly object[],
  options: {
    readonly pending?: readonly PendingChange[];
    readonly drafts?: readonly HandoverDraft[];
    readonly withSensitive?: boolean;
    readonly now?: string;
  } = {},
) {
  const open = opened(resources, options);
  const record = open.record();
  if (record === null) throw new Error('no patient in the fixture');
  return handover({
    record,
    views: {
      journal: open.view('journal'),
      medication: open.view('medication'),
      observations: open.view('observations'),
      reports: open.view('reports'),
      timeline: open.view('timeline'),
    },
    drafts: options.drafts ?? [],
    now: options.now ?? NOW,
    withSensitive: options.withSensitive ?? false,
  });
}

const problem = (id: string, text: string, more: object = {}) => ({
  resourceType: 'Condition',
  id,
  code: { text },
  ...active,
  category: [{ coding: [{ code: 'problem-list-item' }] }],
  recordedDate: '2024-01-01',
  ...more,
});
const medicine = (id: string, text: string, more: object = {}) => ({
  resourceType: 'MedicationStatement',
  id,
  status: 'active',
  medicationCodeableConcept: { text },
  effectivePeriod: { start: '2025-01-01' },
  ...more,
});
const reading = (id: string, text: string, when: string, value: number, more: object = {}) => ({
  resourceType: 'Observation',
  id,
  status: 'final',
  code: { text },
  effectiveDateTime: when,
  valueQuantity: { value, unit: '/min' },
  ...more,
});
const flag = (id: string, text: string, more: object = {}) => ({
  resourceType: 'Flag',
  id,
  status: 'active',
  code: { text },
  ...more,
});
const consultation = (id: string, when: string, words: string, entries: readonly string[] = []) => [
  {
    resourceType: 'Encounter',
    id: `e-${id}`,
    status: 'finished',
    class: { code: 'AMB' },
    type: [{ text: 'Home visit' }],
    period: { start: when },
  },
  {
    resourceType: 'Composition',
    id,
    status: 'final',
    date: when,
    title: 'Consultation',
    author: [{ display: 'Dr Amara Okafor' }],
    encounter: { reference: `Encounter/e-${id}` },
    section: [
      {
        title: 'History',
        text: { status: 'generated', div: `<div xmlns="http://www.w3.org/1999/xhtml">${words}</div>` },
        entry: entries.map((reference) => ({ reference })),
      },
    ],
  },
];
const draft = (more: Partial<HandoverDraft> = {}): HandoverDraft => ({
  kind: 'consultation',
  type: 'Home visit',
  startedAt: '2026-11-22T10:00:00+00:00',
  changedAt: '2026-11-22T10:40:00+00:00',
  sensitive: false,
  circumstances: [],
  headings: [{ title: 'History', lines: ['Chest pain since nine'] }],
  observations: [],
  open: [],
  ...more,
});

const texts = (of: readonly { readonly coded: { readonly text: string } }[]) =>
  of.map(({ coded }) => coded.text);
const drugs = (of: readonly { readonly drug: { readonly text: string } }[]) =>
  of.map(({ drug }) => drug.text);

describe('a handover: what belongs to now', () => {
  it.each([
    ['2026-11-22', true],
    ['2026-11-22T00:10:00+00:00', true],
    ['2026-11-21T23:50:00+00:00', true],
    ['2026-11-21T22:40:00+00:00', false],
    ['2026-11-21', false],
    ['2026-11', false],
    [null, false],
  ])('%s: %s', (when, expected) => {
    expect(isOfNow(when, NOW)).toBe(expected);
  });

  it('shows today’s consultations, the last first, and the others apart', () => {
    const made = handoverOf([
      ...consultation('c1', '2026-11-22T09:00:00+00:00', 'First today'),
      ...consultation('c2', '2026-11-22T10:30:00+00:00', 'Second today'),
      ...consultation('c3', '2026-10-01T10:30:00+00:00', 'Before'),
    ]);
    const words = made.consultations.items.map((one) => one.topics[0]?.headings[0]?.lines[0]?.words);
    expect(words).toEqual(['Second today', 'First today']);
    expect(made.earlier.items.map(({ gist }) => gist)).toEqual(['Before']);
  });

  it('keeps headings, lines and coded entries of a consultation in their order, with kind and certainty', () => {
    const made = handoverOf([
      ...consultation('c1', '2026-11-22T09:00:00+00:00', 'Weak arm', [
        'Condition/d1',
        'FamilyMemberHistory/f1',
      ]),
      {
        ...problem('d1', 'Stroke'),
        category: [{ coding: [{ code: 'encounter-diagnosis' }] }],
        verificationStatus: { coding: [{ code: 'provisional', display: 'Provisional' }] },
        recordedDate: '2026-11-22',
      },
      {
        resourceType: 'FamilyMemberHistory',
        id: 'f1',
        status: 'completed',
        relationship: { text: 'Father' },
        condition: [{ code: { text: 'Stroke' } }],
      },
    ]);
    const lines = made.consultations.items[0]?.topics[0]?.headings[0]?.lines.map(({ words }) => words) ?? [];
    expect(lines[0]).toBe('Weak arm');
    expect(lines[1]).toMatch(/^Condition: Stroke \(.*Certainty: Provisional/);
    expect(lines[2]).toMatch(/^Family history: Stroke .*Relationship: Father/);
  });

  it('names a medicine of a consultation once, and never in place of one that was entered in error', () => {
    const dose = { dosage: [{ text: 'One a day' }], dosageInstruction: [{ text: 'One a day' }] };
    const keys = ['MedicationStatement/x', 'MedicationStatement/m', 'MedicationRequest/o'];
    const made = handoverOf([
      ...consultation('c1', '2026-11-22T09:00:00+00:00', 'Sore throat', keys),
      medicine('x', 'amoxicillin', { status: 'entered-in-error', ...dose }),
      medicine('m', 'amoxicillin', dose),
      {
        resourceType: 'MedicationRequest',
        id: 'o',
        status: 'active',
        intent: 'order',
        medicationCodeableConcept: { text: 'amoxicillin' },
        ...dose,
      },
    ]);
    const lines = made.consultations.items[0]?.topics[0]?.headings[0]?.lines.map(({ words }) => words);
    expect(lines).toEqual(['Sore throat', 'Medication: amoxicillin (DOSE: One a day)']);
  });

  it('has an addendum of a consultation, and none that was entered in error', () => {
    const addendum = (id: string, words: string, status: string) => ({
      ...consultation(id, '2026-11-22T09:30:00+00:00', words)[1],
      status,
      encounter: undefined,
      relatesTo: [{ code: 'appends', targetReference: { reference: 'Composition/c1/_history/1' } }],
    });
    const made = handoverOf([
      ...consultation('c1', '2026-11-22T09:00:00+00:00', 'Sore throat'),
      addendum('a1', 'Swab negative', 'final'),
      addendum('a2', 'Of somebody else', 'entered-in-error'),
    ]);
    const lines = made.consultations.items[0]?.addenda.flatMap((one) => one.lines.map(({ words }) => words));
    expect(lines).toEqual(['Swab negative']);
  });

  it('lists what was measured today with the value before, scores first with their parts', () => {
    const made = handoverOf([
      reading('p1', 'Pulse', '2026-11-22T10:00:00+00:00', 112),
      reading('p0', 'Pulse', '2026-11-22T09:00:00+00:00', 104),
      reading('p-', 'Pulse', '2025-03-01', 72),
      reading('px', 'Pulse', '2026-11-22T10:05:00+00:00', 11, { status: 'entered-in-error' }),
      reading('w', 'Weight', '2025-03-01', 80),
      {
        ...reading('n', '', '2026-11-22T10:00:00+00:00', 9),
        code: {
          coding: [{ system: 'http://snomed.info/sct', code: '1104051000000101' }],
          text: 'National Early Warning Score 2 total score',
        },
        valueQuantity: { value: 9, unit: 'score' },
        interpretation: [{ text: 'emergency' }],
        component: [
          { code: { text: 'NEWS2 pulse score' }, valueQuantity: { value: 2, unit: 'score' } },
          { code: { text: 'NEWS2 temperature score' }, dataAbsentReason: { text: 'Missing' } },
        ],
      },
    ]);
    const [score, pulse] = made.observations.items;
    expect(score?.readings[0]?.band?.words).toBe('Emergency');
    expect(score?.readings[0]?.parts).toEqual([
      { label: 'pulse', value: '2' },
      { label: 'temperature', value: 'missing' },
    ]);
    expect(pulse?.readings.map(({ source }) => source.key)).toEqual(['Observation/p1', 'Observation/p0']);
    expect(pulse?.before?.source.key).toBe('Observation/p-');
    expect(made.values.items.map(({ name }) => name)).toEqual(['Weight']);
    expect(made.values.more).toBe(0);
  });

  it('tells what was given today and what was stopped lately apart from what is taken', () => {
    const made = handoverOf([
      medicine('m1', 'ramipril', {
        status: 'stopped',
        effectivePeriod: { start: '2020-01-01', end: '2026-11-10' },
      }),
      medicine('m2', 'old', {
        status: 'stopped',
        effectivePeriod: { start: '2020-01-01', end: '2024-11-10' },
      }),
      medicine('m3', 'bisoprolol'),
      {
        resourceType: 'MedicationAdministration',
        id: 'g1',
        status: 'completed',
        medicationCodeableConcept: { text: 'aspirin 300 mg' },
        effectiveDateTime: '2026-11-22T10:10:00+00:00',
      },
    ]);
    expect(drugs(made.stoppedMedication.items)).toEqual(['ramipril']);
    expect(drugs(made.givenToday.items)).toEqual(['aspirin 300 mg']);
    expect(drugs(made.medication.items)).toEqual(['bisoprolol']);
    expect(made.alsoToday.items).toEqual([]);
  });

  it('tells the reports of the last month, then the newest of each kind, and counts the others', () => {
    const report = (id: string, text: string, effectiveDateTime: string, status = 'final') => ({
      resourceType: 'DiagnosticReport',
      id,
      status,
      code: { text },
      effectiveDateTime,
    });
    const made = handoverOf([
      report('1', 'Urea and electrolytes', '2026-11-21'),
      report('2', 'Urea and electrolytes', '2026-11-10', 'preliminary'),
      report('3', 'Urea and electrolytes', '2026-03-10'),
      report('4', 'Full blood count', '2025-03-10'),
      report('5', 'Urea and electrolytes', '2024-03-10'),
      report('6', 'Full blood count', '2026-11-20', 'entered-in-error'),
    ]);
    expect(made.reports.items.map(({ source, interim }) => [source.key, interim])).toEqual([
      ['DiagnosticReport/1', false],
      ['DiagnosticReport/2', true],
      ['DiagnosticReport/4', false],
    ]);
    expect(made.reports.more).toBe(2);
  });

  it('shows once what was recorded today outside a consultation, and no work within the practice', () => {
    const made = handoverOf([
      {
        resourceType: 'Procedure',
        id: 'x',
        status: 'completed',
        code: { text: 'Cannula placed' },
        performedDateTime: '2026-11-22T10:20:00+00:00',
      },
      {
        resourceType: 'Communication',
        id: 'y',
        status: 'completed',
        sent: '2026-11-22T10:20:00+00:00',
        payload: [{ contentString: 'Ring the pharmacy' }],
      },
      problem('z', 'Asthma', { recordedDate: '2026-11-22' }),
    ]);
    expect(made.alsoToday.items.map(({ text }) => text)).toEqual(['Cannula placed']);
  });
});

describe('a handover: what others may read (H-034, H-035)', () => {
  const resources = [
    flag('s', 'Safeguarding: child protection plan'),
    flag('r', 'DNACPR in place', { period: { start: '2026-02-03' } }),
    flag('o', 'Key safe by the door'),
    flag('t', 'Words about a neighbour', SENSITIVE),
    problem('p1', 'Asthma'),
    problem('p2', 'Private problem', SENSITIVE),
    medicine('m1', 'Private medicine', SENSITIVE),
    reading('v', 'Pulse', '2026-11-22T10:00:00+00:00', 90, SENSITIVE),
    ...consultation('c1', '2026-11-22T09:00:00+00:00', 'Open words', [
      'Flag/s',
      'Observation/v',
      'Condition/p2',
    ]),
    { resourceType: 'AllergyIntolerance', id: 'a', code: { text: 'Penicillin' }, ...active, ...SENSITIVE },
  ];

  it('never has safeguarding, and leaves out what is sensitive unless a person puts it in', () => {
    const made = handoverOf(resources);
    expect(JSON.stringify(made)).not.toMatch(/Safeguarding|Private|neighbour/);
    expect(made.alerts).toMatchObject({ items: [{ text: 'Key safe by the door' }], leftOut: 1 });
    expect(made.resuscitation.map(({ text }) => text)).toEqual(['DNACPR in place']);
    expect(made.problems).toMatchObject({ leftOut: 1 });
    expect(made.medication).toMatchObject({ items: [], leftOut: 1 });
    expect(made.observations).toMatchObject({ items: [], leftOut: 1 });
    expect(made.consultations.items[0]?.leftOut).toBe(2);
    expect(made.allergies.map(({ agent }) => agent)).toEqual(['Penicillin']);
    expect(made.leavesOut).toBe(true);
    const all = handoverOf(resources, { withSensitive: true });
    expect(JSON.stringify(all)).toMatch(
      /Private problem.*Private medicine|Private medicine.*Private problem/,
    );
    expect(JSON.stringify(all)).not.toMatch(/Safeguarding/);
    expect(all.leavesOut).toBe(false);
  });

  it('leaves out a draft that its author marked, and says so', () => {
    const marked = draft({ sensitive: true });
    expect(handoverOf([], { drafts: [marked] }).drafts).toMatchObject({ items: [], leftOut: 1 });
    expect(handoverOf([], { drafts: [marked], withSensitive: true }).drafts.items).toEqual([marked]);
  });
});

function sourceOf({ items: [first] }: Listed<{ readonly source: ItemSource }>): ItemSource {
  if (first === undefined) throw new Error('an empty list');
  return first.source;
}

describe('a handover: what only this computer has', () => {
  it('marks and counts what was not sent, the line of a consultation for all that stands in it', () => {
    const [encounter = {}, composition = {}] = consultation('c9', '2026-11-22T10:00:00+00:00', 'Visit', [
      'Observation/v9',
    ]);
    const made = handoverOf([problem('p1', 'Asthma'), medicine('m1', 'ramipril')], {
      pending: [
        pending(encounter, 'waiting', { deviceSeq: 1 }),
        pending(composition, 'waiting', { deviceSeq: 2 }),
        pending(reading('v9', 'Pulse', '2026-11-22T10:00:00+00:00', 112), 'waiting', { deviceSeq: 3 }),
        pending(medicine('m1', 'ramipril', { note: [{ text: 'at night' }] }), 'rejected', { deviceSeq: 4 }),
        pending(
          { resourceType: 'DocumentReference', id: 'd', status: 'current', date: '2026-01-01', content: [] },
          'waiting',
          { deviceSeq: 5 },
        ),
      ],
    });
    expect(made.unsent).toEqual({ onPaper: 3, besides: 1 });
    expect(unsentSentences(made)).toEqual([
      '3 entries below have not been sent: only this paper and this computer have them.',
      '1 more unsent entry of this record is not on this paper.',
    ]);
    expect(unsentMark(sourceOf(made.consultations))).toBe('not sent');
    expect(unsentMark(sourceOf(made.medication))).toBe('refused by the record service, not sent');
  });

  it('does not call unsent what the service has and this copy shows late', () => {
    const made = handoverOf([], {
      pending: [pending(problem('p1', 'Asthma'), 'applied', { resultVersion: 1 })],
    });
    expect(made.unsent).toEqual({ onPaper: 0, besides: 0 });
    expect(unsentSentences(made)).toEqual(['Nothing on this paper waits to be sent.']);
  });

  it('has the drafts of now, and names those that are older', () => {
    const empty = draft({ headings: [] });
    const old = draft({ startedAt: '2026-11-01T09:00:00+00:00', changedAt: '2026-11-01T09:10:00+00:00' });
    const made = handoverOf([], { drafts: [old, draft(), empty] });
    expect(made.drafts.items).toEqual([draft()]);
    expect(made.drafts.older).toEqual(['2026-11-01T09:00:00+00:00']);
    expect(unsentSentences(made)[0]).toContain('still being written and not yet signed');
  });
});

describe('a handover: its stamp in words', () => {
  it('says of when the data are and what is missing', () => {
    expect(stampWords('2026-11-22T10:32:00Z')).toBe('Data as of 10:32 22-Nov-2026');
    expect(stampWords(null)).toBe('Time of the data not known');
    const whole = { state: 'complete', dataAsOf: null, resources: 3, warnings: [] } as const;
    expect(wholenessWords(whole)).toBe('Taken from the whole record held here.');
    expect(wholenessWords({ ...whole, state: 'new' })).toContain('not yet sent');
    expect(
      wholenessWords({
        ...whole,
        warnings: [{ code: 'data-in-transit', text: 'in transit', before: '2021-03-03' }],
      }),
    ).toBe('Entries before 03-Mar-2021 may be missing.');
    expect(wholenessWords({ ...whole, warnings: [{ code: 'disputed', text: '1 entry was changed.' }] })).toBe(
      '1 entry was changed.',
    );
  });

  it('says what a list does not show', () => {
    expect(restWords({ more: 0, leftOut: 0 })).toBeNull();
    expect(restWords({ more: 12, leftOut: 1 })).toBe(
      '12 more in the record. 1 marked as sensitive is left out.',
    );
  });
});

describe('a handover of every record of a practice', () => {
  const records = [...generatePractice({ patients: 60, days: 1, today: '2026-11-22' })].filter((resources) =>
    resources.some(({ resourceType }) => resourceType === 'Patient'),
  );

  it('drops nothing that is in force: each is on it, or counted where it ends', () => {
    let medicines = 0;
    for (const resources of records) {
      const id = resources.find(({ resourceType }) => resourceType === 'Patient')?.id ?? '';
      const own = resources.map((one) => (one.id === id ? { ...one, id: PATIENT } : one));
      const open = opened(own);
      const record = open.record();
      const made = handoverOf(own);
      const inUse = open.view('medication').filter(({ list }) => list !== 'past');
      const onPaper = [
        ...made.disputedMedication.items,
        ...made.stoppedMedication.items,
        ...made.givenToday.items,
        ...made.medication.items,
      ].map(({ source }) => source.key);
      for (const { source } of inUse.filter((line) => line.source.guarded === undefined))
        expect(onPaper).toContain(source.key);
      expect(made.medication.more + made.problems.more + made.alerts.more + made.observations.more).toBe(0);
      expect(texts(made.problems.items)).toEqual(
        texts((record?.summary.problems ?? []).filter(({ source }) => source.guarded === undefined)),
      );
      expect(made.allergies.length + made.pastAllergies).toBe(record?.allergyList.length);
      const { pastProblems } = made;
      expect(pastProblems.items.length + pastProblems.more + pastProblems.leftOut).toBe(
        record?.summary.pastProblems,
      );
      const reports = open.view('reports').length;
      expect(made.reports.items.length + made.reports.more + made.reports.leftOut).toBe(reports);
      medicines += inUse.length;
    }
    expect(medicines).toBeGreaterThan(50);
  });
});
