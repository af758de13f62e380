import { describe, expect, it } from 'vitest';
import type { JournalItem } from '../../../../../domain/record/record-view.ts';
import type { ConsultationNote } from '../../../../../renderer/features/consultation/index.ts';
import {
  MOVED_WORDS,
  movedOf,
  noteOf,
  typedNoteOf,
} from '../../../../../renderer/features/moving/moved-words.ts';

const entry = (key: string, more: object = {}) => ({
  source: { key, version: 1 },
  category: 'Observation',
  text: 'Weight',
  value: '72 kg',
  details: [],
  notes: ['with shoes'],
  sensitive: [],
  author: 'Nurse Bell',
  when: '2026-11-22T10:00:00Z',
  enteredInError: null,
  ...more,
});
const weight = entry('Observation/w');
const withdrawn = entry('Observation/old', { enteredInError: { reason: 'typed twice' } });
const journal = [
  {
    kind: 'entry',
    when: null,
    entry: entry('Condition/c', { category: 'Problem', text: 'Asthma', value: null }),
  },
  {
    kind: 'consultation',
    source: { key: 'Composition/k', version: 1 },
    encounter: { key: 'Encounter/e' },
    type: 'Telephone',
    staff: [{ name: 'Dr Okafor', role: null }],
    when: '2026-11-22T09:00:00Z',
    circumstances: [],
    sensitive: [],
    addenda: [],
    topics: [
      {
        headings: [
          {
            title: 'History',
            lines: [
              { kind: 'text', text: 'Sore throat' },
              { kind: 'entry', entry: weight },
            ],
            entries: [weight, withdrawn],
          },
        ],
      },
    ],
  },
] as unknown as readonly JournalItem[];

const empty = {
  encounterId: 'new',
  startedAt: '2026-11-22T12:00:00+00:00',
  type: 'GP surgery',
  happenedOn: null,
  about: null,
  circumstances: '',
  sensitive: [],
  lines: [{ id: 'l', heading: 'History', text: '', code: null }],
  reminders: [],
} as unknown as ConsultationNote;

/** The consultation above, with an allergy recorded meanwhile, an addendum, a mark and who was there. */
function consultation(more: object = {}): readonly JournalItem[] {
  const [, item] = journal as unknown as readonly [unknown, { topics: readonly object[] }];
  const allergy = entry('AllergyIntolerance/a', {
    text: 'Doxycycline',
    value: null,
    details: [
      { label: 'Status', value: 'Active' },
      { label: 'Reaction', value: 'rash, severe' },
    ],
    notes: [],
  });
  const heading = { title: 'Allergy', lines: [{ kind: 'entry', entry: allergy }], entries: [allergy] };
  return [
    {
      ...item,
      topics: [...item.topics, { headings: [heading] }],
      circumstances: [
        { label: 'Also present', value: 'daughter' },
        { label: 'Capacity', value: 'has capacity' },
        { label: 'Template', value: 'Cough, version 2' },
      ],
      sensitive: ['Third party information'],
      addenda: [
        {
          source: { key: 'Composition/later' },
          author: 'Dr Ash',
          when: '2026-11-22T15:00:00Z',
          text: ['Swab negative'],
          entries: [],
          enteredInError: null,
        },
        {
          source: { key: 'Composition/struck' },
          author: 'Dr Ash',
          when: '2026-11-22T16:00:00Z',
          text: ['Not hers'],
          entries: [],
          enteredInError: { reason: null },
        },
      ],
      ...more,
    },
  ] as unknown as readonly JournalItem[];
}

const draft = {
  draftId: 'd',
  kind: 'consultation' as const,
  startedAt: '2026-11-22T09:00:00Z',
  changedAt: '2026-11-22T09:05:00Z',
  content: '{}',
};
const own = {
  resources: ['Composition/k', 'Encounter/e', 'Observation/w', 'Observation/old', 'Task/t'],
  draft,
};

describe('what is moved to the right patient', () => {
  it('is a consultation with all that was recorded in it, but for what is an error already', () => {
    const moved = movedOf(journal, 'Composition/k', null);
    expect(moved?.keys).toEqual(['Composition/k', 'Encounter/e', 'Observation/w']);
    expect(moved?.lines).toEqual([
      { heading: 'History', text: 'Sore throat' },
      { heading: 'History', text: 'Weight 72 kg. with shoes' },
    ]);
  });

  it('is one entry alone, in a consultation or not, under its own heading', () => {
    expect(movedOf(journal, 'Observation/w', null)).toMatchObject({
      keys: ['Observation/w'],
      author: 'Nurse Bell',
      lines: [{ heading: 'Examination', text: 'Weight 72 kg. with shoes' }],
    });
    expect(movedOf(journal, 'Condition/c', null)?.lines).toEqual([
      { heading: 'Problem', text: 'Asthma. with shoes' },
    ]);
    expect(movedOf(journal, 'Observation/none', null)).toBeNull();
  });

  it('is never the whole consultation where one entry of it was chosen', () => {
    const moved = movedOf(journal, 'Observation/w', own);
    expect(moved).toMatchObject({ keys: ['Observation/w'], typed: null, besides: [] });
    expect(moved?.lines).toEqual([{ heading: 'Examination', text: 'Weight 72 kg. with shoes' }]);
  });

  it('is a whole set of one’s own with every value that is struck out, as typed where nothing was changed since', () => {
    const pulse = entry('Observation/p', { text: 'Pulse', value: '72 /min', notes: [] });
    const set = (first: object) =>
      [
        { kind: 'entry', when: null, entry: { ...weight, ...first } },
        { kind: 'entry', when: null, entry: pulse },
      ] as unknown as readonly JournalItem[];
    const ofSet = {
      resources: ['Observation/w', 'Observation/p'],
      draft: { ...draft, kind: 'observations' as const },
    };
    const moved = movedOf(set({}), 'Observation/p', ofSet);
    expect(moved?.keys).toEqual(['Observation/w', 'Observation/p']);
    expect(moved?.lines.map(({ text }) => text)).toEqual(['Weight 72 kg. with shoes', 'Pulse 72 /min']);
    expect(moved?.typed).toBe(ofSet.draft);
    const corrected = { source: { key: 'Observation/w', version: 2 } };
    expect(movedOf(set(corrected), 'Observation/p', ofSet)?.typed).toBeNull();
    const struck = movedOf(set({ enteredInError: { reason: null } }), 'Observation/p', ofSet);
    expect(struck).toMatchObject({ keys: ['Observation/p'], typed: null });
  });

  it('as a whole carries all that is struck out: recorded meanwhile, addenda, who was there', () => {
    const moved = movedOf(consultation(), 'Composition/k', own);
    expect(moved?.keys).toEqual([
      'Composition/k',
      'Encounter/e',
      'Observation/w',
      'AllergyIntolerance/a',
      'Composition/later',
      'Task/t',
    ]);
    const besides = [
      { heading: 'Allergy', text: 'Doxycycline. Reaction: rash, severe' },
      { heading: 'Additional', text: 'Addendum of 22-Nov-2026 15:00, Dr Ash: Swab negative' },
    ];
    // One entry of the save is an error by now: as typed it would come back.
    expect(moved?.typed).toBeNull();
    expect(moved?.lines).toEqual([
      { heading: 'Comment', text: 'Capacity: has capacity' },
      { heading: 'History', text: 'Sore throat' },
      { heading: 'History', text: 'Weight 72 kg. with shoes' },
      ...besides,
    ]);
    const note = moved ? noteOf(moved, empty, () => 'id') : null;
    expect(note).toMatchObject({
      type: 'Telephone',
      circumstances: `${MOVED_WORDS}. daughter`,
      sensitive: ['third-party'],
      happenedOn: null,
    });
    const unharmed = { ...own, resources: own.resources.filter((key) => key !== 'Observation/old') };
    const asTyped = movedOf(consultation(), 'Composition/k', unharmed);
    expect(asTyped?.typed).toBe(draft);
    expect(asTyped?.besides).toEqual(besides);
  });

  it('is an addendum alone where that was chosen', () => {
    expect(movedOf(consultation(), 'Composition/later', null)).toMatchObject({
      keys: ['Composition/later'],
      author: 'Dr Ash',
    });
  });

  it('of another day keeps its day', () => {
    const moved = movedOf(consultation({ when: '2026-11-20T09:00:00Z' }), 'Composition/k', null);
    expect(moved && noteOf(moved, empty, () => 'id').happenedOn).toBe('2026-11-20');
  });

  it('becomes free text that says where it comes from and that somebody else signs it now', () => {
    const moved = movedOf(journal, 'Composition/k', null);
    const note = moved ? noteOf(moved, empty, () => 'id') : null;
    expect(note?.lines.map(({ text, code }) => [text, code])).toEqual([
      ['Sore throat', null],
      ['Weight 72 kg. with shoes', null],
    ]);
    expect(note?.circumstances).toBe(MOVED_WORDS);
    expect(note?.reminders.join(' ')).toContain('As written by Dr Okafor');
  });

  it('as typed keeps its words and leaves behind what is the other patient’s', () => {
    const typed = {
      ...empty,
      about: { key: 'Condition/x', title: 'x' },
      seenUpTo: 'e1',
      earlier: ['e0'],
    };
    const besides = [{ heading: 'Allergy' as const, text: 'Doxycycline' }];
    const note = typedNoteOf(JSON.stringify(typed), besides, empty, () => 'id');
    expect(note).toMatchObject({ encounterId: 'new', about: null, circumstances: MOVED_WORDS });
    expect(note.lines).toEqual([...empty.lines, { ...empty.lines[0], ...besides[0], id: 'id' }]);
    expect(Object.keys(note)).not.toContain('seenUpTo');
    expect(Object.keys(note)).not.toContain('earlier');
  });
});
