import {
  CONSULTATION_HEADINGS,
  type ConsultationHeading,
} from '../../../domain/clinical/consultation-headings.ts';
import type { EntryView, JournalConsultation, JournalItem } from '../../../domain/record/record-view.ts';
import type { ConsultationNote, NoteLine } from '../consultation/index.ts';

/** What is moved together: a whole consultation with all that was recorded in it, or one entry alone. */
export interface Moved {
  /** Entries that are marked as entered in error, by key; those that are already are left as they are. */
  readonly keys: readonly string[];
  /** In words, for the person who decides. */
  readonly words: readonly string[];
  readonly lines: readonly Pick<NoteLine, 'heading' | 'text'>[];
  readonly author: string | null;
  readonly when: string | null;
}

/** What belongs to this line of the journal. Null where it is not there. */
export function movedOf(journal: readonly JournalItem[], entryKey: string): Moved | null {
  for (const item of journal) {
    if (item.kind === 'consultation') {
      if (item.source.key === entryKey) return wholeConsultation(item);
      const entry = entriesOf(item).find((one) => one.source.key === entryKey);
      if (entry) return oneEntry(entry);
    } else if (item.entry.source.key === entryKey) return oneEntry(item.entry);
  }
  return null;
}

function wholeConsultation(item: JournalConsultation): Moved {
  const lines = item.topics.flatMap(({ headings }) =>
    headings.flatMap(({ title, lines: under }) =>
      under.map((line) => ({
        heading: headingOf(title),
        text: line.kind === 'text' ? line.text : entryText(line.entry),
      })),
    ),
  );
  const entries = entriesOf(item).filter((entry) => entry.enteredInError === null);
  return {
    keys: [
      item.source.key,
      ...(item.encounter ? [item.encounter.key] : []),
      ...entries.map((entry) => entry.source.key),
    ].filter((key, index, all) => all.indexOf(key) === index),
    words: lines.map(({ text }) => text),
    lines,
    author: item.staff[0]?.name ?? null,
    when: item.when,
  };
}

function oneEntry(entry: EntryView): Moved {
  const text = entryText(entry);
  return {
    keys: [entry.source.key],
    words: [text],
    lines: [{ heading: headingOf(entry.category), text }],
    author: entry.author,
    when: entry.when,
  };
}

function entriesOf(item: JournalConsultation): readonly EntryView[] {
  return item.topics.flatMap(({ headings }) => headings.flatMap(({ entries }) => entries));
}

function entryText({ text, value, notes }: EntryView): string {
  return [[text, value].filter(Boolean).join(' '), ...notes].join('. ');
}

function headingOf(title: string): ConsultationHeading {
  return (
    CONSULTATION_HEADINGS.find((heading) => heading.toLowerCase() === title.trim().toLowerCase()) ?? 'Comment'
  );
}

/** Names nobody: whose record they stood in is nothing to this patient. */
export const MOVED_WORDS = 'Moved from another record, where it was written in error';

/** The words that stood there, as a note for the right record: free text, to be read, coded and signed by a person. */
export function noteOf(moved: Moved, empty: ConsultationNote, newId: () => string): ConsultationNote {
  const [pattern] = empty.lines;
  if (!pattern) return empty;
  return {
    ...empty,
    circumstances: MOVED_WORDS,
    lines: moved.lines.map((line) => ({ ...pattern, ...line, id: newId() })),
    reminders: [
      'Moved words are free text. Code again what must be coded, and enter measurements as observations.',
      `As written by ${moved.author ?? 'an author who is not recorded'}. You sign them for this patient now.`,
    ],
  };
}

/** One's own words as they were typed, for another patient: a consultation of its own, seen up to nowhere yet. */
export function typedNoteOf(content: string, encounterId: string): ConsultationNote {
  const note = JSON.parse(content) as ConsultationNote;
  // How far the other record was seen says nothing of this one.
  const rest = Object.entries(note).filter(([name]) => name !== 'seenUpTo');
  return {
    ...(Object.fromEntries(rest) as unknown as ConsultationNote),
    encounterId,
    // A problem of the other patient is none of this one's.
    about: null,
    circumstances: [note.circumstances, MOVED_WORDS].filter((words) => words !== '').join('. '),
    reminders: [...note.reminders, `${MOVED_WORDS}. Read it, then sign it for this patient.`],
  };
}
