/**
 * What the page and the cache worker say to each other. The page asks, the worker answers with the same `id`;
 * the worker tells of changes without being asked. Everything here is plain, cloneable data.
 */
import type { AllergySummary } from '../../domain/clinical/allergy-summary.ts';
import type { AppointmentView } from '../../domain/record/agenda.ts';
import type { TermContext, TermSearchResult } from '../../domain/terminology/term-search.ts';
import type { TerminologyRelease } from '../../domain/terminology/terminology-asset.ts';
import type { MistakableFor } from '../../domain/search/patient-search.ts';
import type { DirectoryEntry } from '../../domain/record/directory-entry.ts';
import type { DocumentsCarried } from '../../domain/record/documents-carried.ts';
import type {
  EntryProvenance,
  EntryView,
  ItemSource,
  RecordView,
  RecordViewName,
  RecordViews,
  TaskView,
} from '../../domain/record/record-view.ts';
import type { KeptRound } from './bag-state.ts';

/** Whether a patient's whole record is on this computer. */
export type Readiness =
  /** Whole, and fed. */
  | 'ready'
  /** Known by the directory; the record is still to come. */
  | 'arriving'
  /** Made here (a registration), not yet with the service. */
  | 'new'
  /** Not known here. */
  | 'unknown';

/** What opening a record gives. Without a pack there is still the directory's safety information. */
export type OpenedRecord =
  | { readonly state: 'ready'; readonly record: RecordView }
  | { readonly state: 'arriving'; readonly entry: DirectoryEntry }
  | { readonly state: 'unknown' }
  /** The copy here cannot be read; a fresh one is asked for. Nothing saved is lost. */
  | { readonly state: 'unreadable'; readonly entry: DirectoryEntry | null };

/** A patient found by words. */
export interface PatientHit {
  readonly entry: DirectoryEntry;
  /** Another patient has the same family and first given name: said beside the row. */
  readonly sameName: boolean;
  readonly readiness: Readiness;
  readonly pending: number;
}

export interface PatientSearchAnswer {
  readonly hits: readonly PatientHit[];
  /** At least so many more there are. */
  readonly more: number;
  /** Nothing matched as typed; these are near it. */
  readonly forgiving: boolean;
  /** False while the directory is not yet here: an empty answer then means nothing. */
  readonly directoryComplete: boolean;
}

export interface AddressSearchAnswer {
  /** In the order in which one walks them. */
  readonly hits: readonly PatientHit[];
  readonly more: number;
  /** False while the directory is not yet here: somebody missing may live there all the same. */
  readonly directoryComplete: boolean;
}

/** What a record on this computer holds for a visit, found by opening it. */
export type CarriedRecord =
  | { readonly patientId: string; readonly copy: 'to-come' | 'unreadable' | 'not-here' }
  | {
      readonly patientId: string;
      readonly copy: 'whole' | 'older' | 'new';
      /** As the record's banner has them, with what was saved here and not sent yet. */
      readonly allergies: AllergySummary;
      readonly documents: DocumentsCarried;
      /** What the record says of itself that it lacks. */
      readonly missing: string | null;
    };

/** One line of a surgery: the booking with its patient. */
export interface AgendaLine {
  readonly appointment: AppointmentView;
  readonly entry: DirectoryEntry | null;
  readonly readiness: Readiness;
  readonly pending: number;
}

export interface AgendaAnswer {
  readonly lines: readonly AgendaLine[];
  /** Patients known to be booked that day whose record is still to come. */
  readonly arriving: readonly { readonly patientId: string; readonly start: string }[];
}

export interface TaskLine {
  readonly task: TaskView;
  readonly entry: DirectoryEntry | null;
}

export interface TaskFilter {
  /** References of owners, e.g. `Practitioner/…`; all where absent. */
  readonly owners?: readonly string[];
  readonly open?: boolean;
  readonly patientId?: string;
}

/** A resource as it stands on screen: what an edit starts from. */
export interface ResourceAsShown {
  readonly source: ItemSource;
  /** JSON text, decimals as written: `before` of a change. */
  readonly text: string;
}

export interface CacheState {
  readonly open: boolean;
  readonly organisationName: string | null;
  readonly directoryEntries: number;
  readonly recordsHere: number;
  readonly recordsExpected: number;
  /** Records whose appointments and tasks are not yet in the lists. */
  readonly waitingForIndex: number;
  readonly dataAsOf: string | null;
  /** `null` while there is none: nothing can be coded then. */
  readonly terminology: { readonly release: TerminologyRelease; readonly terms: number } | null;
  /** Set when the store was set aside and begun anew, or cannot be used: a sentence for the screen. */
  readonly notice: string | null;
}

export interface OpenOptions {
  /** FHIR date: the record as it was at the end of that day, by the times its entries were recorded. */
  readonly asAt?: string;
}

/** Every query with what it asks and what it answers. */
export interface CacheQueries {
  readonly state: { readonly ask: undefined; readonly answer: CacheState };
  readonly 'search-patients': {
    readonly ask: { readonly words: string; readonly limit: number };
    readonly answer: PatientSearchAnswer;
  };
  readonly patients: {
    readonly ask: { readonly patientIds: readonly string[] };
    readonly answer: readonly (PatientHit | null)[];
  };
  readonly 'mistakable-patients': {
    readonly ask: { readonly patientId: string };
    readonly answer: MistakableFor;
  };
  readonly 'recent-patients': { readonly ask: undefined; readonly answer: readonly PatientHit[] };
  readonly 'open-record': {
    readonly ask: { readonly patientId: string; readonly options: OpenOptions };
    readonly answer: OpenedRecord;
  };
  readonly view: {
    readonly ask: {
      readonly patientId: string;
      readonly view: RecordViewName;
      readonly options: OpenOptions;
    };
    /** `null` where the record is not here. */
    readonly answer: RecordViews[RecordViewName] | null;
  };
  readonly find: {
    readonly ask: { readonly patientId: string; readonly words: string; readonly options: OpenOptions };
    readonly answer: readonly EntryView[];
  };
  readonly provenance: {
    readonly ask: { readonly patientId: string; readonly key: string };
    readonly answer: EntryProvenance | null;
  };
  readonly resource: {
    readonly ask: { readonly patientId: string; readonly key: string };
    readonly answer: ResourceAsShown | null;
  };
  readonly resources: {
    readonly ask: { readonly patientId: string; readonly types: readonly string[] };
    readonly answer: readonly ResourceAsShown[];
  };
  readonly 'search-addresses': {
    readonly ask: { readonly words: string; readonly limit: number };
    readonly answer: AddressSearchAnswer;
  };
  /** Opens the record of each, and of nobody else: ask for few at a time. */
  readonly carried: {
    readonly ask: { readonly patientIds: readonly string[] };
    readonly answer: readonly CarriedRecord[];
  };
  /** Their records come before all others, where they are not here. */
  readonly 'want-records': {
    readonly ask: { readonly patientIds: readonly string[] };
    readonly answer: true;
  };
  readonly round: { readonly ask: { readonly userId: string }; readonly answer: KeptRound | null };
  /** Answered when it is written. */
  readonly 'keep-round': {
    readonly ask: { readonly userId: string; readonly round: KeptRound };
    readonly answer: true;
  };
  readonly appointments: { readonly ask: { readonly day: string }; readonly answer: AgendaAnswer };
  readonly tasks: { readonly ask: TaskFilter; readonly answer: readonly TaskLine[] };
  readonly shared: {
    readonly ask: { readonly types: readonly string[] };
    readonly answer: readonly ResourceAsShown[];
  };
  readonly 'search-terms': {
    readonly ask: { readonly words: string; readonly context: TermContext; readonly limit: number };
    /** `null` while no terminology is here. */
    readonly answer: TermSearchResult | null;
  };
  readonly 'term-used': { readonly ask: { readonly code: string }; readonly answer: true };
}
export type CacheQueryName = keyof CacheQueries;

export type CacheQuestion = {
  readonly [Name in CacheQueryName]: {
    readonly id: number;
    readonly name: Name;
    readonly ask: CacheQueries[Name]['ask'];
  };
}[CacheQueryName];

/** What changed, for views that follow the cache. Never carries content. */
export type CacheNotice =
  | { readonly kind: 'patients'; readonly patientIds: readonly string[] }
  | { readonly kind: 'directory' }
  | { readonly kind: 'agenda' }
  /** What belongs to no patient: people, places, templates, settings of the practice. */
  | { readonly kind: 'shared' }
  | { readonly kind: 'state' };

export type PageToCache =
  { readonly type: 'connect' } | { readonly type: 'ask'; readonly question: CacheQuestion };

export type CacheToPage =
  | { readonly type: 'answer'; readonly id: number; readonly value: unknown }
  | { readonly type: 'failed'; readonly id: number; readonly code: CacheFailure; readonly message: string }
  | { readonly type: 'notice'; readonly notice: CacheNotice };

/** `closed`: not unlocked. `damaged`: the copy here cannot be read and is being fetched again. */
export type CacheFailure = 'closed' | 'damaged' | 'other';
