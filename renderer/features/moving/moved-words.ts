import {
  CONSULTATION_HEADINGS,
  type ConsultationHeading,
} from '../../../domain/clinical/consultation-headings.ts';
import { displayDateTime } from '../../../domain/clinical/date-display.ts';
import { CONSULTATION_TYPES } from '../../../domain/record/consultation.ts';
import type {
  EntryView,
  ItemSource,
  JournalAddendum,
  JournalConsultation,
  JournalItem,
} from '../../../domain/record/record-view.ts';
import type { Draft } from '../../../contract/channels/record.ts';
import type { ConsultationNote, NoteLine } from '../consultation/index.ts';

/** One's own save that made an entry: all that it wrote, and its draft as it was signed. */
export interface OwnSave {
  readonly resources: readonly string[];
  readonly draft: Draft | null;
}

/** Words that are struck out here and stand in the draft for the other record. */
export interface MovedLine {
  readonly heading: ConsultationHeading;
  readonly text: string;
}

/** What is moved together: a whole consultation with all that was recorded in it, a set of one's own, or one entry alone. */
export interface Moved {
  /** All that is marked as entered in error, by key; what is so already is left as it is. */
  readonly keys: readonly string[];
  /** Every one of its words, as they stand in the record. */
  readonly lines: readonly MovedLine[];
  /** The draft as it was typed, where the record still says the same; `null`: the words of the record are taken. */
  readonly typed: Draft | null;
  /** Words that the typed draft does not hold: what was recorded meanwhile, and addenda. */
  readonly besides: readonly MovedLine[];
  /** Who was there, in words. */
  readonly circumstances: readonly string[];
  readonly sensitive: ConsultationNote['sensitive'];
  readonly type: string | null;
  readonly author: string | null;
  readonly when: string | null;
}

/** Nothing can be marked as an error where the kind of entry knows no such mark. */
const UNMARKABLE: ReadonlySet<string> = new Set(['Patient', 'Appointment', 'RelatedPerson']);

/** What belongs to this line of the journal. Null where it is not there. @param own the save of one's own that made it */
export function movedOf(
  journal: readonly JournalItem[],
  entryKey: string,
  own: OwnSave | null,
): Moved | null {
  for (const item of journal) {
    if (item.kind === 'consultation') {
      if (item.source.key === entryKey || item.encounter?.key === entryKey)
        return wholeConsultation(item, own);
      const addendum = item.addenda.find(({ source }) => source.key === entryKey);
      if (addendum) return oneAddendum(addendum);
    }
    const entry = entriesOf(item).find((one) => one.source.key === entryKey);
    if (entry) return own?.draft?.kind === 'observations' ? ownSet(journal, own) : oneEntry(entry);
  }
  return null;
}

function wholeConsultation(item: JournalConsultation, own: OwnSave | null): Moved {
  const addenda = item.addenda.filter((one) => one.enteredInError === null);
  const under = item.topics.flatMap(({ headings }) =>
    headings.flatMap(({ title, lines }) =>
      lines.flatMap((line): readonly (MovedLine & { readonly key: string | null })[] => {
        const heading = headingOf(title);
        if (line.kind === 'text') return [{ key: null, heading, text: line.text }];
        return line.entry.enteredInError === null
          ? [{ key: line.entry.source.key, heading, text: entryText(line.entry) }]
          : [];
      }),
    ),
  );
  const later = addenda.flatMap(addendumLines);
  const said = item.circumstances
    .filter(({ label, value }) => label !== PRESENT && label !== 'Template' && value !== 'Late entry')
    .map(({ label, value }): MovedLine => ({ heading: 'Comment', text: `${label}: ${value}` }));
  const entries = entriesOf(item);
  const ofSave = entries.filter(({ source }) => own?.resources.includes(source.key) === true);
  const isAsTyped =
    own?.draft?.kind === 'consultation' &&
    ofSave.every((entry) => entry.enteredInError === null) &&
    isUnchanged([item.source, ...ofSave.map(({ source }) => source)]);
  return {
    keys: unique([
      item.source.key,
      ...(item.encounter ? [item.encounter.key] : []),
      ...standing(entries).map(({ source }) => source.key),
      ...addenda.flatMap((one) => [one.source.key, ...standing(one.entries).map(({ source }) => source.key)]),
      ...(own?.resources ?? []).filter((key) => !entries.some(({ source }) => source.key === key)),
    ]),
    lines: [...said, ...under.map(lineOf), ...later],
    typed: isAsTyped ? own.draft : null,
    besides: [
      ...under.filter(({ key }) => key !== null && own?.resources.includes(key) !== true).map(lineOf),
      ...later,
    ],
    circumstances: item.circumstances.filter(({ label }) => label === PRESENT).map(({ value }) => value),
    sensitive: sensitiveOf([
      item,
      ...standing([...entries, ...addenda.flatMap((one) => one.entries)]),
      ...addenda.map(({ source }) => ({ source, sensitive: [] })),
    ]),
    type: item.type,
    author: item.staff[0]?.name ?? null,
    when: item.when,
  };
}

/** One's own set of observations, entered in one pass: moved as one, and shown as one. */
function ownSet(journal: readonly JournalItem[], own: OwnSave): Moved {
  const all = journal.flatMap(entriesOf).filter(({ source }) => own.resources.includes(source.key));
  const entries = standing(all);
  const isAsTyped = entries.length === all.length && isUnchanged(all.map(({ source }) => source));
  return { ...together(entries), typed: isAsTyped ? own.draft : null };
}

function oneEntry(entry: EntryView): Moved {
  return together([entry]);
}

function together(entries: readonly EntryView[]): Moved {
  return {
    ...WORDS_ALONE,
    keys: entries.map(({ source }) => source.key),
    lines: entries.map((entry) => ({ heading: headingOf(entry.category), text: entryText(entry) })),
    sensitive: sensitiveOf(entries),
    author: entries[0]?.author ?? null,
    when: entries[0]?.when ?? null,
  };
}

function oneAddendum(addendum: JournalAddendum): Moved {
  return {
    ...WORDS_ALONE,
    keys: unique([addendum.source.key, ...standing(addendum.entries).map(({ source }) => source.key)]),
    lines: addendumLines(addendum),
    sensitive: sensitiveOf([{ source: addendum.source, sensitive: [] }, ...standing(addendum.entries)]),
    author: addendum.author,
    when: addendum.when,
  };
}

const WORDS_ALONE = { typed: null, besides: [], circumstances: [], type: null } as const;
/** The words of the journal for who else was there. */
const PRESENT = 'Also present';

function addendumLines({ author, when, text, entries }: JournalAddendum): readonly MovedLine[] {
  const words = [...text, ...standing(entries).map(entryText)].join('. ');
  const by = `${displayDateTime(when ?? undefined)}, ${author ?? 'author not recorded'}`;
  return words === '' ? [] : [{ heading: 'Additional', text: `Addendum of ${by}: ${words}` }];
}

function entriesOf(item: JournalItem): readonly EntryView[] {
  if (item.kind === 'entry') return [item.entry];
  return item.topics.flatMap(({ headings }) => headings.flatMap(({ entries }) => entries));
}

function standing(entries: readonly EntryView[]): readonly EntryView[] {
  return entries.filter((entry) => entry.enteredInError === null);
}

/**
 * Whether what one save wrote stands as it was written: nothing of it has a later version, here or at the service. What was
 * corrected since must not come back as it was typed first.
 */
function isUnchanged(sources: readonly ItemSource[]): boolean {
  const saves = new Set(sources.map(({ pending }) => pending?.recordedAt ?? null));
  return saves.size <= 1 && sources.every(({ version }) => version === null || version === 1);
}

function sensitiveOf(all: readonly Pick<EntryView, 'source' | 'sensitive'>[]): ConsultationNote['sensitive'] {
  const marks = all.flatMap(({ source, sensitive }) => [
    ...sensitive,
    ...(source.guarded === undefined ? [] : [source.guarded]),
  ]);
  const isThirdParty = (mark: string) => /third.party/i.test(mark);
  return [
    // A mark of any other name is kept as the one that hides most.
    ...(marks.some((mark) => !isThirdParty(mark)) ? (['not-for-online-viewing'] as const) : []),
    ...(marks.some(isThirdParty) ? (['third-party'] as const) : []),
  ];
}

/** What says nothing that the words do not. */
const PLAIN = /^Status: (active|completed|current|final)$/i;

function entryText({ text, value, details, notes }: EntryView): string {
  const said = details.map(({ label, value: words }) => `${label}: ${words}`);
  return [[text, value].filter(Boolean).join(' '), ...said.filter((one) => !PLAIN.test(one)), ...notes].join(
    '. ',
  );
}

function lineOf({ heading, text }: MovedLine): MovedLine {
  return { heading, text };
}

function unique(keys: readonly string[]): readonly string[] {
  return [...new Set(keys)].filter((key) => !UNMARKABLE.has(key.split('/')[0] ?? ''));
}

const BY_CATEGORY: Readonly<Record<string, ConsultationHeading>> = {
  Observation: 'Examination',
  Condition: 'Assessment',
  'Medicine given': 'Medication',
};

function headingOf(title: string): ConsultationHeading {
  const same = CONSULTATION_HEADINGS.find((heading) => heading.toLowerCase() === title.trim().toLowerCase());
  return same ?? BY_CATEGORY[title] ?? 'Comment';
}

/** Names nobody: whose record they stood in is nothing to this patient. */
export const MOVED_WORDS = 'Moved from another record, where it was written in error';

/** The words that stood there, as a note for the right record: free text, to be read, coded and signed by a person. */
export function noteOf(moved: Moved, empty: ConsultationNote, newId: () => string): ConsultationNote {
  const day = moved.when?.slice(0, 10) ?? null;
  return {
    ...empty,
    type: CONSULTATION_TYPES.find((type) => type === moved.type) ?? empty.type,
    happenedOn: day === null || day === empty.startedAt.slice(0, 10) ? null : day,
    circumstances: [MOVED_WORDS, ...moved.circumstances].join('. '),
    sensitive: moved.sensitive,
    lines: freeLines(moved.lines, empty, newId),
    reminders: [
      FREE_TEXT,
      `As written by ${moved.author ?? 'an author who is not recorded'}. You sign them for this patient now.`,
    ],
  };
}

const FREE_TEXT =
  'Moved words are free text. Code again what must be coded, and enter measurements as observations.';

/** One's own words as they were typed, for another patient: a consultation of its own, seen up to nowhere yet. */
export function typedNoteOf(
  content: string,
  besides: readonly MovedLine[],
  empty: ConsultationNote,
  newId: () => string,
): ConsultationNote {
  const note = JSON.parse(content) as ConsultationNote;
  // How far the other record was seen says nothing of this one, nor do the Encounters that it had there.
  const rest = Object.entries(note).filter(([name]) => name !== 'seenUpTo' && name !== 'earlier');
  return {
    ...(Object.fromEntries(rest) as unknown as ConsultationNote),
    encounterId: empty.encounterId,
    // A problem of the other patient is none of this one's.
    about: null,
    circumstances: [note.circumstances, MOVED_WORDS].filter((words) => words !== '').join('. '),
    lines: [...note.lines, ...freeLines(besides, empty, newId)],
    reminders: [
      ...note.reminders,
      `${MOVED_WORDS}. Read it, then sign it for this patient.`,
      ...(besides.length > 0 ? [FREE_TEXT] : []),
    ],
  };
}

function freeLines(
  lines: readonly MovedLine[],
  empty: ConsultationNote,
  newId: () => string,
): readonly NoteLine[] {
  const [pattern] = empty.lines;
  return pattern ? lines.map((line) => ({ ...pattern, ...line, id: newId() })) : [];
}
