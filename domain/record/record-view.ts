/**
 * What a screen is given of one patient's record: plain data, projected in the cache worker, cloned to the page.
 *
 * Rules of every shape here: nothing is filtered out (hazard 100): what no projection knows still stands in the
 * journal and in `other`. Times are FHIR text as recorded; `null` is "not recorded". Words are the record's own.
 * Every item carries its {@link ItemSource}.
 */
import type { AllergyIntolerance, Patient } from '@medplum/fhirtypes';
import type { AllergyRecordState } from '../clinical/allergy-summary.ts';
import type { MedicationStatus } from '../clinical/medication-status.ts';
import type { News2Reading } from '../clinical/news2-reading.ts';
import type { DoseWords } from './medicine-words.ts';
import type { Correction } from './observation-correction.ts';
import type { RecordedAlthough } from './recorded-although.ts';
import type { StandingFacts } from './standing-facts.ts';
import type { ResourceKey } from '../identifiers.ts';
import type { Role } from '../sync/operation.ts';

/** Work of this device that the shown version contains and the cached one does not. */
export interface PendingMark {
  /** `waiting`: not sent; `applied`: sent, the copy here is behind; the others wait for a person. */
  readonly state: 'waiting' | 'applied' | 'conflict' | 'rejected';
  readonly opId: string;
  readonly author: string;
  readonly role: Role;
  /** ISO 8601 with offset, by this computer's clock. */
  readonly recordedAt: string;
}

/** Where a shown thing comes from. */
export interface ItemSource {
  readonly key: ResourceKey;
  /** The service's version; `null` while it is only on this computer. Goes into `baseVersion` of a change. */
  readonly version: number | null;
  readonly pending?: PendingMark;
  /** Two versions stand until a person has resolved it: which of them this is. */
  readonly disputed?: 'mine' | 'theirs';
  /** Marked as sensitive, or of safeguarding: a print for others leaves it out wherever it stands. */
  readonly guarded?: 'sensitive' | 'safeguarding';
}

/** A coded thing in words. */
export interface CodedText {
  /** What a person reads: the author's words, else the term, else the bare code. */
  readonly text: string;
  /** The SNOMED CT code, where there is one. */
  readonly code: string | null;
  /** The code says only that the real one was lost in a transfer: the text is all there is (hazards 2, 89). */
  readonly degraded: boolean;
}

/** A labelled line of an entry: label and value are never parted on screen. */
export interface Detail {
  readonly label: string;
  readonly value: string;
}

/** An entry that was withdrawn as a mistake: it stays, with why; by whom and when where that is recorded. */
export interface Mistake {
  readonly reason: string | null;
  readonly by?: string;
  /** FHIR dateTime. */
  readonly when?: string;
}

/** An entry as the journal, the search and the lists show it, whatever its type. */
export interface EntryView {
  readonly source: ItemSource;
  readonly resourceType: string;
  /** In words: `Allergy`, `Observation`, `Document` …; the FHIR type where we have no word. */
  readonly category: string;
  /** The headline. */
  readonly text: string;
  readonly coded: CodedText | null;
  /** A measured or coded value with its unit as written, e.g. `128/76 mmHg`; `null` where it has none. */
  readonly value: string | null;
  /** Outside the range that came with it, or so interpreted by the source. */
  readonly abnormal: boolean;
  readonly details: readonly Detail[];
  /** Free text, whole, in the record's order. */
  readonly notes: readonly string[];
  /** Clinical time. */
  readonly when: string | null;
  /** When it was written down, where that is another moment (late entry). */
  readonly recorded: string | null;
  /** When the service took the version that is shown; `null` while it is only on this computer. */
  readonly received: string | null;
  readonly author: string | null;
  /** Outside data is visibly marked: the system or organisation that it came from. */
  readonly origin: string | null;
  readonly degraded: boolean;
  /** Planned, not done: recalls and orders (hazards 77, 81). */
  readonly planned: boolean;
  /** Not the last word of its source: preliminary or partial (hazards 20, 23). */
  readonly interim: boolean;
  readonly enteredInError: Mistake | null;
  /** Marked at entry: not for online viewing, third party. */
  readonly sensitive: readonly string[];
}

/** An entry of a consultation that is still being written. */
export interface OpenNoteEntry {
  readonly encounterId: string;
  readonly entry: EntryView;
}

// ---- journal -------------------------------------------------------------------------------------------------

export interface JournalHeading {
  /** As recorded: `History`, `Examination` …; '' for entries that stood without a heading. */
  readonly title: string;
  /** Text and entries in the order in which they were entered: what a journal shows. */
  readonly lines: readonly JournalLine[];
  /** The same, apart: the words, and the entries. */
  readonly text: readonly string[];
  readonly entries: readonly EntryView[];
}

export type JournalLine =
  { readonly kind: 'text'; readonly text: string } | { readonly kind: 'entry'; readonly entry: EntryView };

export interface JournalTopic {
  /** The problem or the topic's title; '' for a consultation without topics. */
  readonly title: string;
  readonly problem: ResourceKey | null;
  /** The problem is marked as sensitive: its title is no less so. */
  readonly guarded: boolean;
  readonly headings: readonly JournalHeading[];
}

export interface JournalConsultation {
  readonly kind: 'consultation';
  /** The Composition; the Encounter where there is no Composition. */
  readonly source: ItemSource;
  readonly encounter: ItemSource | null;
  /** `GP surgery`, `Telephone` … as recorded. */
  readonly type: string;
  readonly when: string | null;
  readonly end: string | null;
  readonly recorded: string | null;
  readonly staff: readonly { readonly name: string; readonly role: string | null }[];
  /** Late entry, from paper; who else was there, consent, capacity, chaperone. */
  readonly circumstances: readonly Detail[];
  readonly organisation: string | null;
  readonly location: string | null;
  readonly status: 'signed' | 'amended' | 'draft' | 'entered-in-error' | 'unknown';
  readonly enteredInError: Mistake | null;
  /** In the order entered. */
  readonly topics: readonly JournalTopic[];
  readonly addenda: readonly JournalAddendum[];
  readonly origin: string | null;
  readonly sensitive: readonly string[];
}

export interface JournalAddendum {
  readonly source: ItemSource;
  readonly author: string | null;
  readonly when: string | null;
  readonly text: readonly string[];
  readonly entries: readonly EntryView[];
  readonly enteredInError: Mistake | null;
}

/** An entry that belongs to no consultation. */
export interface JournalLooseEntry {
  readonly kind: 'entry';
  readonly when: string | null;
  readonly entry: EntryView;
}

export type JournalItem = JournalConsultation | JournalLooseEntry;

// ---- lists ---------------------------------------------------------------------------------------------------

export interface ProblemView {
  readonly source: ItemSource;
  readonly coded: CodedText;
  readonly status: 'active' | 'past' | 'unknown';
  readonly significance: 'significant' | 'minor' | 'not-recorded';
  readonly onset: string | null;
  readonly ended: string | null;
  /** Its end is a day to come: it counts as active until then. */
  readonly endsAhead: boolean;
  readonly recorded: string | null;
  readonly author: string | null;
  readonly notes: readonly string[];
  /** What the source linked to the problem, in its order. */
  readonly linked: readonly ResourceKey[];
  readonly degraded: boolean;
  readonly origin: string | null;
  readonly enteredInError: Mistake | null;
}

/** A condition that was coded and put on no problem list. */
export interface RecentDiagnosis {
  readonly source: ItemSource;
  readonly coded: CodedText;
  readonly isSuspected: boolean;
  /** Onset, else when it was recorded. */
  readonly when: string | null;
  readonly degraded: boolean;
  readonly origin: string | null;
}

export interface AllergyView {
  readonly source: ItemSource;
  readonly agent: string;
  readonly coded: CodedText | null;
  readonly reactions: readonly string[];
  readonly severity: string | null;
  /** `ended` is kept apart from current ones (hazard 88). */
  readonly status: 'active' | 'unconfirmed' | 'ended' | 'refuted' | 'entered-in-error';
  /** The entry says that there is no allergy. */
  readonly saysNone: boolean;
  /** False: only words; no rule can check it, and the screen says so. */
  readonly canBeChecked: boolean;
  readonly onset: string | null;
  readonly recorded: string | null;
  readonly ended: string | null;
  readonly endReason: string | null;
  /** Withdrawn as a mistake, and why where that is said. */
  readonly enteredInError: Mistake | null;
  readonly author: string | null;
  readonly notes: readonly string[];
  readonly origin: string | null;
}

export interface MedicationView {
  readonly source: ItemSource;
  /** The drug as recorded; shown bold, never truncated. */
  readonly drug: CodedText;
  /** How it is taken; empty where the record does not say. */
  readonly dose: DoseWords;
  readonly quantity: string | null;
  readonly kind:
    | 'acute'
    | 'repeat'
    | 'repeat dispensing'
    | 'given or taken elsewhere'
    | 'given here'
    | 'over the counter'
    | 'not recorded';
  readonly status: MedicationStatus;
  /** Current list or past list. A disputed one stands on neither: on its own, first. */
  readonly list: 'current' | 'past' | 'disputed';
  readonly started: string | null;
  readonly ended: string | null;
  /** `until 20-Dec-2026`, `stopped 02-Nov-2026`: a date of an end never stands without the word that says so. */
  readonly endWords: string | null;
  /** It says active and the day of its end is over. */
  readonly endPassed: boolean;
  /** What spoke against it when it was recorded, and why it was recorded all the same. */
  readonly although: RecordedAlthough | null;
  readonly stopReason: string | null;
  readonly lastIssue: string | null;
  readonly issues: number;
  readonly issuesAllowed: number | null;
  readonly reviewDue: string | null;
  /** Says `active`, but the last issue is more than a year old: never shown as current without that date. */
  readonly longSinceIssue: boolean;
  readonly prescriber: string | null;
  /** `Prescribed at GP practice`, `Prescribed by another organisation` … (hazards 86, 37, 45, 51). */
  readonly prescribingAgency: string | null;
  /** The plan, its statement and its orders: every resource that this line stands for. */
  readonly parts: readonly ItemSource[];
  readonly notes: readonly string[];
  readonly degraded: boolean;
  readonly origin: string | null;
}

// ---- observations --------------------------------------------------------------------------------------------

export interface ReadingView {
  readonly source: ItemSource;
  readonly when: string | null;
  /** Value with unit as written: `128/76 mmHg`, `37.0 °C`, `unrecordable`. */
  readonly text: string;
  /** Without the unit, for a table under a column with the unit in its head; the same as `text` where units vary. */
  readonly written: string;
  readonly unit: string | null;
  readonly abnormal: boolean;
  /** Of a NEWS2 total: its band. */
  readonly band: News2Reading | null;
  /** The range that came with it, with its population where given. */
  readonly range: string | null;
  readonly notes: readonly string[];
  readonly author: string | null;
  /** Method, position, place: what keeps it from being joined with others. */
  readonly qualifiers: readonly string[];
  readonly status: 'final' | 'preliminary' | 'corrected' | 'entered-in-error' | 'other';
  readonly origin: string | null;
  /** One of several of one set that does not stand for it: no list and no trend takes it for the latest. */
  readonly besides: boolean;
}

/** All readings of one kind, newest first. */
export interface ObservationRow {
  /** Stable name of the kind: `blood-pressure`, or the SNOMED CT code, or the words. */
  readonly kind: string;
  readonly name: string;
  readonly unit: string | null;
  /** `135/85` for pressures taken at home; null for all else. */
  readonly threshold: string | null;
  readonly readings: readonly ReadingView[];
}

export interface SeriesPoint {
  readonly source: ItemSource;
  readonly when: string;
  /** Milliseconds since 1970 UTC of the earliest moment that `when` may mean: the time axis. */
  readonly moment: number;
  readonly value: number;
  /** Blood pressure: the diastolic beside the systolic `value`. */
  readonly lower?: number;
  readonly written: string;
}

/** One line or set of bars of a graph: one kind in one unit, never mixed (GTAB-028). */
export interface ObservationSeries {
  readonly kind: string;
  readonly name: string;
  readonly unit: string;
  readonly threshold: string | null;
  readonly shape: 'points' | 'systolic-diastolic';
  /** Oldest first. */
  readonly points: readonly SeriesPoint[];
  /** Readings that are shown in the table and not plotted, and why. */
  readonly notPlotted: readonly {
    readonly source: ItemSource;
    readonly text: string;
    readonly why: string;
  }[];
  /** The range that came with the latest reading, with its population. */
  readonly normal: {
    readonly low: number | null;
    readonly high: number | null;
    readonly population: string | null;
  } | null;
}

export interface LastValue {
  readonly kind: string;
  readonly name: string;
  readonly latest: ReadingView;
  readonly previous: ReadingView | null;
  /** Of the latest against the previous, only where units and kind are the same. */
  readonly direction: 'up' | 'down' | 'same' | null;
}

/** A report with what belongs to it, every comment in its context (hazard 62). */
export interface ReportView {
  readonly source: ItemSource;
  readonly title: string;
  readonly when: string | null;
  readonly issued: string | null;
  /** Preliminary is never read as final (hazards 20, 23). */
  readonly status: string;
  readonly interim: boolean;
  readonly conclusion: readonly string[];
  readonly specimen: readonly string[];
  readonly results: readonly EntryView[];
  readonly notes: readonly string[];
  readonly author: string | null;
  readonly origin: string | null;
}

// ---- documents, tasks, alerts --------------------------------------------------------------------------------

export interface DocumentView {
  readonly source: ItemSource;
  readonly title: string;
  readonly type: string | null;
  readonly when: string | null;
  readonly author: string | null;
  readonly contentType: string | null;
  /** Bytes; `null` where not said. Big ones are announced before they open (hazard 68). */
  readonly size: number | null;
  /** Whether the content is here, or only with the service. */
  readonly content: 'here' | 'elsewhere' | 'absent';
  readonly description: string | null;
  /** A whole entry that could not be read, kept as it was. */
  readonly degraded: boolean;
  readonly origin: string | null;
  readonly enteredInError: Mistake | null;
}

export interface TaskView {
  readonly source: ItemSource;
  readonly patientId: string | null;
  readonly text: string;
  readonly status: string;
  readonly open: boolean;
  readonly priority: 'routine' | 'urgent' | 'asap' | 'stat';
  readonly due: string | null;
  readonly raised: string | null;
  readonly requester: string | null;
  readonly owner: { readonly reference: string | null; readonly name: string } | null;
  /** `safety` for what a combined-safety rule raised, `conflict`, `follow-up`, `note` … as coded. */
  readonly kind: string | null;
  readonly focus: string | null;
  readonly notes: readonly string[];
}

export interface AlertView {
  readonly source: ItemSource;
  /** Safeguarding is shown as a discreet mark only, never on prints. */
  readonly kind: 'safeguarding' | 'resuscitation' | 'incomplete-record' | 'confidential-items' | 'other';
  readonly text: string;
  readonly when: string | null;
}

export interface ReminderView {
  readonly source: ItemSource | null;
  readonly text: string;
  readonly due: string | null;
  readonly overdue: boolean;
}

// ---- the whole -----------------------------------------------------------------------------------------------

/** How much of the record is here, and of when. Shown wherever absence would mislead (hazards 16, 33, 43, 46). */
export interface RecordCompleteness {
  /** `complete`: the whole compartment; `new`: made here, not yet with the service; `superseded`: a fresher copy is being fetched. */
  readonly state: 'complete' | 'new' | 'superseded';
  /** ISO 8601; when this computer was last in step with the service. `null` where unknown. */
  readonly dataAsOf: string | null;
  readonly resources: number;
  readonly warnings: readonly RecordWarning[];
}

export interface RecordWarning {
  readonly code: 'data-in-transit' | 'confidential-items' | 'disputed' | 'unreadable' | 'other';
  /** A sentence for a clinician. */
  readonly text: string;
  /** FHIR date: entries before it may be missing. */
  readonly before?: string;
}

/** The last consultations at a glance. */
export interface ConsultationGlance {
  readonly source: ItemSource;
  readonly type: string;
  readonly when: string | null;
  readonly staff: string | null;
  /** The first words of it: problem titles, else the first lines. */
  readonly gist: string;
}

export interface RecordSummary {
  readonly problems: readonly ProblemView[];
  readonly pastProblems: number;
  /** The first of them, in the order of the problem list. */
  readonly lastPastProblems: readonly ProblemView[];
  /** Conditions of the last year that are not on the problem list. */
  readonly recentDiagnoses: readonly RecentDiagnosis[];
  readonly medication: readonly MedicationView[];
  readonly disputedMedication: readonly MedicationView[];
  readonly lastValues: readonly LastValue[];
  readonly consultations: readonly ConsultationGlance[];
  readonly reminders: readonly ReminderView[];
  readonly openTasks: readonly TaskView[];
}

/** What opening a record gives at once; the rest comes by {@link RecordViews} when its tab is shown. */
export interface RecordView {
  readonly patientId: string;
  /** FHIR date when shown as it was on that day; `null` for now. */
  readonly asAt: string | null;
  readonly patient: Patient;
  readonly patientSource: ItemSource;
  /** For `patientBanner({ patient, allergies, allergyState, now })`. Disputed ones: both versions stand here. */
  readonly allergies: readonly AllergyIntolerance[];
  readonly allergyState: AllergyRecordState;
  readonly allergyList: readonly AllergyView[];
  readonly alerts: readonly AlertView[];
  readonly completeness: RecordCompleteness;
  /** Pregnancy and the SpO2 scale as last answered; whether they still hold is for the day to say. */
  readonly standing: StandingFacts;
  /** How many entries are marked as sensitive: a print asks about them. */
  readonly sensitiveEntries: number;
  /** Resources with work of this device that is not yet in the cached copy. */
  readonly pending: readonly ItemSource[];
  readonly summary: RecordSummary;
}

/** The tabs, each projected when asked for. */
export interface RecordViews {
  /** Newest first. */
  readonly journal: readonly JournalItem[];
  readonly problems: readonly ProblemView[];
  readonly allergies: readonly AllergyView[];
  readonly medication: readonly MedicationView[];
  readonly observations: readonly ObservationRow[];
  readonly series: readonly ObservationSeries[];
  readonly reports: readonly ReportView[];
  readonly documents: readonly DocumentView[];
  readonly tasks: readonly TaskView[];
  /** Every entry, newest first, flat. */
  readonly timeline: readonly EntryView[];
  /** What was recorded in consultations that are not signed yet, oldest first. */
  readonly openNotes: readonly OpenNoteEntry[];
}
export type RecordViewName = keyof RecordViews;

/** Who, in what role, where, when, from where: of any entry. */
export interface EntryProvenance {
  readonly source: ItemSource;
  readonly category: string;
  readonly author: string | null;
  readonly role: string | null;
  /** Who wrote it down, where that was somebody else. */
  readonly enteredBy: string | null;
  readonly organisation: string | null;
  readonly location: string | null;
  readonly encounter: ItemSource | null;
  /** Clinical time. */
  readonly when: string | null;
  readonly recorded: string | null;
  /** When the service took this version (`meta.lastUpdated`). */
  readonly receivedByService: string | null;
  /** `meta.source`: the system that it was imported from. */
  readonly importedFrom: string | null;
  readonly identifiers: readonly Detail[];
  /** What it said before each correction, newest first. */
  readonly corrections: readonly Correction[];
  /** The service's version here and the unsent ones of this computer, oldest first. Older ones are with the service. */
  readonly versions: readonly {
    readonly version: number | null;
    readonly pending?: PendingMark;
    readonly when: string | null;
    readonly author: string | null;
  }[];
}
