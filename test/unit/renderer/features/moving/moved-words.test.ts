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
  source: { key },
  category: 'Observation',
  text: 'Weight',
  value: '72 kg',
  notes: ['with shoes'],
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
    source: { key: 'Composition/k' },
    encounter: { key: 'Encounter/e' },
    staff: [{ name: 'Dr Okafor', role: null }],
    when: '2026-11-22T09:00:00Z',
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
  about: null,
  circumstances: '',
  lines: [{ id: 'l', heading: 'History', text: '', code: null }],
  reminders: [],
} as unknown as ConsultationNote;

describe('what is moved to the right patient', () => {
  it('is a consultation with all that was recorded in it, but for what is an error already', () => {
    const moved = movedOf(journal, 'Composition/k');
    expect(moved?.keys).toEqual(['Composition/k', 'Encounter/e', 'Observation/w']);
    expect(moved?.lines).toEqual([
      { heading: 'History', text: 'Sore throat' },
      { heading: 'History', text: 'Weight 72 kg. with shoes' },
    ]);
  });

  it('is one entry alone, in a consultation or not, under its own heading', () => {
    expect(movedOf(journal, 'Observation/w')).toMatchObject({
      keys: ['Observation/w'],
      author: 'Nurse Bell',
    });
    expect(movedOf(journal, 'Condition/c')?.lines).toEqual([
      { heading: 'Problem', text: 'Asthma. with shoes' },
    ]);
    expect(movedOf(journal, 'Observation/none')).toBeNull();
  });

  it('becomes free text that says where it comes from and that somebody else signs it now', () => {
    const moved = movedOf(journal, 'Composition/k');
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
    };
    const note = typedNoteOf(JSON.stringify(typed), 'e-new');
    expect(note).toMatchObject({ encounterId: 'e-new', about: null, circumstances: MOVED_WORDS });
    expect(note.lines).toEqual(empty.lines);
    expect(Object.keys(note)).not.toContain('seenUpTo');
  });
});
