import { isFreeText } from './free-text.ts';
import { isLeftOut, mayStand } from './handover-list.ts';
import type {
  Detail,
  EntryView,
  ItemSource,
  JournalAddendum,
  JournalConsultation,
  JournalLine,
  JournalTopic,
} from './record-view.ts';

/** A consultation as it stands on paper for others: its headings in their order, every line in words. */
export interface HandoverConsultation {
  readonly source: ItemSource;
  readonly type: string;
  readonly when: string | null;
  readonly staff: string;
  readonly status: JournalConsultation['status'];
  readonly circumstances: readonly Detail[];
  readonly topics: readonly {
    /** '' where it has none, or where the problem is sensitive. */
    readonly title: string;
    readonly headings: readonly HandoverHeading[];
  }[];
  readonly addenda: readonly {
    readonly source: ItemSource;
    readonly when: string | null;
    readonly author: string | null;
    readonly lines: readonly HandoverLine[];
  }[];
  readonly origin: string | null;
  /** Entries within it that are sensitive and left out. */
  readonly leftOut: number;
  /** Of every entry that it shows. */
  readonly sources: readonly ItemSource[];
}

export interface HandoverHeading {
  readonly title: string;
  readonly lines: readonly HandoverLine[];
}

export interface HandoverLine {
  readonly words: string;
  /** `null` for words of the consultation itself. */
  readonly source: ItemSource | null;
}

export function handoverConsultation(
  consultation: JournalConsultation,
  withSensitive: boolean,
): HandoverConsultation {
  const { source, type, when, status, origin } = consultation;
  const entries: EntryView[] = [];
  const said = new Set<string>();
  const linesOf = (lines: readonly JournalLine[], heading = ''): readonly HandoverLine[] =>
    lines.flatMap((line): readonly HandoverLine[] => {
      if (line.kind === 'text') return line.text.trim() === '' ? [] : [{ words: line.text, source: null }];
      entries.push(line.entry);
      if (!isTold(line.entry, withSensitive) || isRepeated(line.entry, said)) return [];
      return [{ words: entryInWords(line.entry, heading), source: line.entry.source }];
    });
  const topics = consultation.topics.map((topic) => ({
    title: isTitleTold(topic, withSensitive) ? topic.title : '',
    headings: topic.headings
      .map(({ title, lines }) => ({ title, lines: linesOf(lines, title) }))
      .filter(({ lines }) => lines.length > 0),
  }));
  const addenda = consultation.addenda
    .filter(({ source: own, enteredInError }) => enteredInError === null && mayStand(own, withSensitive))
    .map((addendum) => addendumInWords(addendum, linesOf));
  return {
    source,
    type,
    when,
    status,
    origin,
    staff: consultation.staff
      // That somebody performed it is said by the name.
      .map(({ name, role }) => (role === null || /perform|particip/i.test(role) ? name : `${name}, ${role}`))
      .join('; '),
    circumstances: consultation.circumstances.filter(({ label }) => label !== 'Template'),
    topics: topics.filter(({ title, headings }) => title !== '' || headings.length > 0),
    addenda,
    leftOut:
      entries.filter((entry) => isLeftOut(entry.source, withSensitive)).length +
      consultation.addenda.filter((addendum) => isLeftOut(addendum.source, withSensitive)).length,
    sources: [
      ...entries.filter((entry) => isTold(entry, withSensitive)).map((entry) => entry.source),
      ...addenda.map((addendum) => addendum.source),
    ],
  };
}

/** The title of a sensitive problem is no less so; one that only repeats an entry under it is not needed. */
function isTitleTold({ title, guarded, headings }: JournalTopic, withSensitive: boolean): boolean {
  if (guarded && !withSensitive) return false;
  return !headings.some(({ entries }) =>
    entries.some((entry) => entry.text === title && isTold(entry, withSensitive)),
  );
}

function isTold({ source, enteredInError }: EntryView, withSensitive: boolean): boolean {
  return enteredInError === null && mayStand(source, withSensitive);
}

function addendumInWords(
  { source, when, author, text, entries }: JournalAddendum,
  linesOf: (lines: readonly JournalLine[]) => readonly HandoverLine[],
): HandoverConsultation['addenda'][number] {
  const lines: readonly JournalLine[] = [
    ...text.map((words): JournalLine => ({ kind: 'text', text: words })),
    ...entries.map((entry): JournalLine => ({ kind: 'entry', entry })),
  ];
  return { source, when, author, lines: linesOf(lines) };
}

/** Plan, statement and prescription of one medicine: it is named once, the list of medicines has the rest. */
const MEDICINES: ReadonlySet<string> = new Set(['MedicationRequest', 'MedicationStatement']);

function isRepeated({ resourceType, text, details }: EntryView, said: Set<string>): boolean {
  if (!MEDICINES.has(resourceType)) return false;
  const words = [text, ...details.filter(isDose).map(({ value }) => value)].join(' ');
  const isSaid = said.has(words);
  said.add(words);
  return isSaid;
}

function isDose({ label }: Detail): boolean {
  return label === 'DOSE';
}

/** Said of most entries and telling nothing. */
const PLAIN = new Set(['Status: active', 'Status: Active', 'Status: completed', 'Status: final']);

/**
 * An entry in one line with its kind, value, notes and what qualifies it: `Family history: Asthma`, `Problem: Stroke
 * (Certainty: Provisional)`. The parts of a measured value stand where the values stand.
 * @param heading under which it stands; a kind that says the same is not repeated
 */
export function entryInWords(entry: EntryView, heading = ''): string {
  const { resourceType, category, text, value, details, notes, planned, interim, degraded } = entry;
  if (isFreeText(entry)) return notes.join('\n');
  const isMeasured = resourceType === 'Observation' && value !== null;
  const said = isMeasured
    ? []
    : details
        .filter((detail) => !MEDICINES.has(resourceType) || isDose(detail))
        .map((detail) => `${detail.label}: ${detail.value}`)
        .filter((words) => !PLAIN.has(words));
  const doubts = [
    ...said,
    ...(planned ? ['planned, not done'] : []),
    ...(interim ? ['interim'] : []),
    ...(entry.abnormal ? ['outside range'] : []),
    ...(degraded ? ['transfer degraded: words only'] : []),
  ];
  const isSaid = resourceType === 'Observation' || category.toLowerCase() === heading.toLowerCase();
  const name = isSaid ? text : `${category}: ${text}`;
  return [
    value === null ? name : `${name} ${value}`,
    ...(doubts.length > 0 ? [`(${doubts.join('; ')})`] : []),
    ...notes.map((note) => `– ${note}`),
  ].join(' ');
}
