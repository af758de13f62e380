/** What the page asks of the cache: answered from memory where lists are concerned, from packs for one record. */
import type { CacheToMain } from '../../contract/cache-port.ts';
import { formatCivilDate } from '../../domain/fhir/civil-date.ts';
import { localDayOf } from '../../domain/fhir/local-time.ts';
import {
  EMPTY_AGENDA,
  agendaOf,
  compareAppointments,
  type PatientAgenda,
} from '../../domain/record/agenda.ts';
import type { DirectoryEntry } from '../../domain/record/directory-entry.ts';
import { entryProvenance } from '../../domain/record/entry-provenance.ts';
import { findInRecord } from '../../domain/record/find-in-record.ts';
import type { PendingMark } from '../../domain/record/record-view.ts';
import type { ShownResource } from '../../domain/record/overlay.ts';
import type { OpenRecord } from '../../domain/record/record-projection.ts';
import { compareTasks } from '../../domain/record/task-list.ts';
import {
  prepareAddressSearch,
  searchAddresses,
  type AddressIndex,
} from '../../domain/search/address-search.ts';
import {
  mistakableFor,
  preparePatientSearch,
  searchPatients,
  type PatientIndex,
} from '../../domain/search/patient-search.ts';
import { waitingForAgenda } from './agenda-index.ts';
import type { BagState, PackEntry } from './bag-state.ts';
import { isCurrent } from './bag-feeding.ts';
import {
  entryWithPending,
  listedHere,
  overlaidAgenda,
  pendingDemographics,
  pendingRegistrations,
} from './pending-lists.ts';
import type { MainRequests, OpenBag } from './main-requests.ts';
import type {
  AddressSearchAnswer,
  AgendaAnswer,
  AgendaLine,
  CacheQueries,
  CacheNotice,
  CacheQueryName,
  CacheState,
  OpenedRecord,
  OpenOptions,
  PatientHit,
  PatientSearchAnswer,
  Readiness,
  ResourceAsShown,
  TaskFilter,
  TaskLine,
} from './queries.ts';
import { todayInEngland } from './record-reader.ts';
import { sharedAsShown } from './shared-resources.ts';
import { carriedRecord, keepRound, keptRound } from './round-queries.ts';
import type { TermSearch } from './term-search.ts';

/** Ranked at most, so that a single letter does not carry a practice across the port. */
const RANKED = 400;
const RECENT_KEPT = 24;

/** The bag is not open: locked, or not yet opened by main. */
export class ClosedBagError extends Error {}

type Answering = {
  readonly [Name in CacheQueryName]: (
    ask: CacheQueries[Name]['ask'],
  ) => CacheQueries[Name]['answer'] | Promise<CacheQueries[Name]['answer']>;
};

export class PageQueries {
  readonly #main: MainRequests;
  readonly #terms: TermSearch;
  readonly #tellMain: (message: CacheToMain) => void;
  #index: { readonly of: OpenBag; readonly directory: number; readonly prepared: PatientIndex } | null = null;
  #addresses: { readonly of: PatientIndex; readonly prepared: AddressIndex } | null = null;
  #directoryChanges = 0;
  /** Patients whose demographics stand in the search as they were changed here. */
  #changedHere: ReadonlySet<string> = new Set();

  constructor(main: MainRequests, terms: TermSearch, tellMain: (message: CacheToMain) => void) {
    this.#main = main;
    this.#terms = terms;
    this.#tellMain = tellMain;
  }

  /** The directory or the registrations made here may no longer be those that were prepared for search. */
  directoryChanged(notice: CacheNotice): void {
    const open = this.#main.open;
    if (notice.kind === 'patients' && open) {
      const directory = open.bag.logs.directory.entries;
      // Ordinary work on patients whom the directory lists changes nothing of the search; their demographics do.
      const isOrdinary = (patientId: string) =>
        directory.has(patientId) &&
        !this.#changedHere.has(patientId) &&
        pendingDemographics(patientId, this.#main.pending) === null;
      if (notice.patientIds.every(isOrdinary)) return;
    }
    this.#directoryChanges += 1;
  }

  async answer<Name extends CacheQueryName>(
    name: Name,
    ask: CacheQueries[Name]['ask'],
  ): Promise<CacheQueries[Name]['answer']> {
    return this.#answering[name](ask);
  }

  readonly #answering: Answering = {
    state: () => this.#state(),
    'search-patients': ({ words, limit }) => this.#search(words, limit),
    patients: ({ patientIds }) => patientIds.map((patientId) => this.#hit(patientId)),
    'mistakable-patients': ({ patientId }) => mistakableFor(this.#patientIndex(), patientId),
    'recent-patients': () => this.#bag().bag.state.recent.flatMap((patientId) => this.#hit(patientId) ?? []),
    'open-record': ({ patientId, options }) => this.#openRecord(patientId, options),
    view: async ({ patientId, view, options }) =>
      (await this.#record(patientId, options))?.view(view) ?? null,
    find: async ({ patientId, words, options }) =>
      findInRecord((await this.#record(patientId, options))?.view('timeline') ?? [], words),
    provenance: async ({ patientId, key }) => this.#provenance(patientId, key),
    resource: async ({ patientId, key }) =>
      (await this.#resources(patientId, (one) => one === key)).at(-1) ?? null,
    resources: ({ patientId, types }) =>
      this.#resources(patientId, (key) => types.some((type) => key.startsWith(`${type}/`))),
    'search-addresses': ({ words, limit }) => this.#searchAddresses(words, limit),
    carried: async ({ patientIds }) => {
      const { reader, bag } = this.#bag();
      const records = [];
      for (const patientId of patientIds) {
        const listed = bag.logs.packs.entries.get(patientId);
        const record = await carriedRecord(reader, patientId, this.#readiness(patientId));
        if (record.copy === 'unreadable') await this.#setApart(patientId, listed);
        records.push(record);
      }
      return records;
    },
    'want-records': ({ patientIds }) => {
      for (const patientId of patientIds) if (this.#readiness(patientId) !== 'ready') this.#want(patientId);
      return true;
    },
    round: ({ userId }) => keptRound(this.#bag().bag, userId),
    'keep-round': ({ userId, round }) => keepRound(this.#bag().bag, userId, round),
    appointments: ({ day }) => this.#appointments(day),
    tasks: (filter) => this.#tasks(filter),
    shared: ({ types }) => sharedAsShown(types, this.#bag(), this.#main.pending),
    'search-terms': ({ words, context, limit }) =>
      this.#terms.search(words, {
        context,
        limit,
        uses: new Map(Object.entries(this.#main.open?.bag.state.termUses ?? {})),
      }),
    'term-used': ({ code }) => {
      const { bag } = this.#bag();
      this.#keep({ termUses: countedUse(bag.state.termUses, code) });
      return true;
    },
  };

  #bag(): OpenBag {
    const open = this.#main.open;
    if (!open) throw new ClosedBagError('The records are not open.');
    return open;
  }

  #state(): CacheState {
    const open = this.#main.open;
    const notice = this.#main.notice;
    if (!open) {
      return {
        open: false,
        organisationName: null,
        directoryEntries: 0,
        recordsHere: 0,
        recordsExpected: 0,
        waitingForIndex: 0,
        dataAsOf: null,
        terminology: this.#terms.described(),
        notice,
      };
    }
    const { bag } = open;
    let here = 0;
    for (const pack of bag.logs.packs.entries.values()) if (pack.run === bag.state.run) here += 1;
    return {
      open: true,
      organisationName: bag.state.organisationName,
      directoryEntries: bag.logs.directory.entries.size,
      recordsHere: here,
      recordsExpected: bag.logs.directory.entries.size,
      waitingForIndex: waitingForAgenda(bag).length,
      dataAsOf: bag.state.dataAsOf,
      terminology: this.#terms.described(),
      notice,
    };
  }

  // ---- patients ----------------------------------------------------------------------------------------------

  #search(words: string, limit: number): PatientSearchAnswer {
    const { bag } = this.#bag();
    const { matches, more, forgiving } = searchPatients(this.#patientIndex(), words, {
      today: todayInEngland(),
      limit: Math.max(RANKED, limit),
    });
    return {
      hits: matches.slice(0, limit).map(({ entry, sameName }) => this.#hitOf(entry, sameName)),
      more: Math.max(0, matches.length - limit) + (more ? 1 : 0),
      forgiving,
      directoryComplete: bag.state.cursor !== null,
    };
  }

  #searchAddresses(words: string, limit: number): AddressSearchAnswer {
    const { bag } = this.#bag();
    const index = this.#patientIndex();
    if (this.#addresses?.of !== index)
      this.#addresses = { of: index, prepared: prepareAddressSearch(index.entries) };
    const { matches, more } = searchAddresses(this.#addresses.prepared, words, limit);
    return {
      hits: matches.map((entry) => this.#hitOf(entry, false)),
      more,
      directoryComplete: bag.state.cursor !== null,
    };
  }

  #patientIndex(): PatientIndex {
    const open = this.#bag();
    if (this.#index?.of !== open || this.#index.directory !== this.#directoryChanges) {
      const { entries, changed } = listedHere(open.bag.logs.directory.entries, this.#main.pending);
      this.#changedHere = changed;
      const prepared = preparePatientSearch(entries);
      this.#index = { of: open, directory: this.#directoryChanges, prepared };
    }
    return this.#index.prepared;
  }

  #entry(patientId: string): DirectoryEntry | null {
    const { bag } = this.#bag();
    const listed = bag.logs.directory.entries.get(patientId);
    if (listed) return entryWithPending(listed, this.#main.pending);
    return (
      pendingRegistrations(this.#main.pending, bag.logs.directory.entries).find(
        (entry) => entry.id === patientId,
      ) ?? null
    );
  }

  #hit(patientId: string): PatientHit | null {
    const entry = this.#entry(patientId);
    return entry === null ? null : this.#hitOf(entry, false);
  }

  #hitOf(entry: DirectoryEntry, sameName: boolean): PatientHit {
    return {
      entry,
      sameName,
      readiness: this.#readiness(entry.id),
      pending: this.#main.pending.of(entry.id).length,
    };
  }

  #readiness(patientId: string): Readiness {
    const { bag } = this.#bag();
    if (isCurrent(bag, patientId)) return 'ready';
    if (this.#main.pending.isMadeHere(patientId)) return 'new';
    return bag.logs.directory.entries.has(patientId) ? 'arriving' : 'unknown';
  }

  // ---- one record --------------------------------------------------------------------------------------------

  async #openRecord(patientId: string, options: OpenOptions): Promise<OpenedRecord> {
    const { reader, bag } = this.#bag();
    const listed = bag.logs.packs.entries.get(patientId);
    const reading = await reader.open(patientId, options.asAt ?? null);
    const entry = this.#entry(patientId);
    if (reading.state === 'open') {
      const record = reading.record.record();
      if (record) {
        this.#remember(patientId);
        if (!isCurrent(bag, patientId) && record.completeness.state !== 'new') this.#want(patientId);
        return { state: 'ready', record };
      }
    }
    if (reading.state === 'missing') {
      if (entry !== null || bag.logs.packs.entries.has(patientId)) this.#want(patientId);
      return entry === null ? { state: 'unknown' } : { state: 'arriving', entry };
    }
    await this.#setApart(patientId, listed);
    return { state: 'unreadable', entry };
  }

  /**
   * A record that does not open counts as here no longer, for this store and for main, and only so is a fresh one
   * fetched: a list that still names it would say that nothing is missing.
   * @param listed as it stood in the list when it did not open: a fresh one that came meanwhile stays
   */
  async #setApart(patientId: string, listed: PackEntry | undefined): Promise<void> {
    const { bag } = this.#bag();
    try {
      await bag.exclusively(async () => {
        if (bag.logs.packs.entries.get(patientId) === listed)
          await bag.removePatients([patientId], 'unreadable');
      });
    } finally {
      this.#want(patientId);
    }
  }

  #want(patientId: string): void {
    this.#tellMain({ tell: 'wanted-now', patientId });
  }

  #remember(patientId: string): void {
    const { bag } = this.#bag();
    if (bag.state.recent[0] === patientId) return;
    const others = bag.state.recent.filter((id) => id !== patientId);
    this.#keep({ recent: [patientId, ...others].slice(0, RECENT_KEPT) });
  }

  /** Not waited for: what eases the next search is no reason to hold a record back. */
  #keep(kept: Partial<Pick<BagState, 'recent' | 'termUses'>>): void {
    const { bag } = this.#bag();
    void bag.exclusively(() => bag.write({ state: { ...bag.state, ...kept } })).catch(() => undefined);
  }

  async #record(patientId: string, options: OpenOptions): Promise<OpenRecord | null> {
    const reading = await this.#bag().reader.open(patientId, options.asAt ?? null);
    return reading.state === 'open' ? reading.record : null;
  }

  async #provenance(patientId: string, key: string): Promise<CacheQueries['provenance']['answer']> {
    const record = await this.#record(patientId, {});
    const item = record?.contents.byKey(key);
    if (!record || !item) return null;
    const marks = this.#main.pending
      .of(patientId)
      .filter((change) => change.operation.resource === key)
      .map((change): PendingMark => ({
        state: change.state,
        opId: change.operation.opId,
        author: change.operation.author.name,
        role: change.operation.author.role,
        recordedAt: change.operation.recordedAt.wallClock,
      }));
    return entryProvenance(item, record.contents, marks);
  }

  async #resources(
    patientId: string,
    isAsked: (key: string) => boolean,
  ): Promise<readonly ResourceAsShown[]> {
    const { bag, reader } = this.#bag();
    const revision = bag.logs.packs.entries.get(patientId)?.revision;
    const record = await this.#record(patientId, {});
    if (!record) return [];
    const asked = record.contents.all.filter((item) => isAsked(item.source.key));
    if (asked.length === 0) return [];
    const texts = new Map<string, string>(
      (await reader.items(patientId)).map((item) => [item.key, item.text]),
    );
    // The feed went on meanwhile: versions of one state and texts of another must not meet in an edit.
    if (bag.logs.packs.entries.get(patientId)?.revision !== revision)
      return this.#resources(patientId, isAsked);
    return asked.flatMap(({ source }) => {
      // The author's own version is in the pending work; what the service has, in the pack.
      const mine = source.pending && source.disputed !== 'theirs';
      const text = mine ? this.#main.pending.textOf(source.pending.opId) : texts.get(source.key);
      return text === undefined ? [] : [{ source, text }];
    });
  }

  // ---- lists about many patients -----------------------------------------------------------------------------

  *#agendas(): Iterable<readonly [string, PatientAgenda]> {
    const { bag } = this.#bag();
    const withPending = new Set(this.#main.pending.patients());
    for (const [patientId, agenda] of bag.logs.agenda.entries) {
      if (!withPending.delete(patientId)) yield [patientId, agenda];
      else yield [patientId, overlaidAgenda(patientId, agenda, this.#main.pending)];
    }
    for (const patientId of withPending) {
      if (patientId !== '') yield [patientId, overlaidAgenda(patientId, EMPTY_AGENDA, this.#main.pending)];
    }
  }

  #appointments(day: string): AgendaAnswer {
    const { bag } = this.#bag();
    const lines: AgendaLine[] = [];
    const listed = new Set<string>();
    for (const [patientId, agenda] of this.#agendas()) {
      for (const appointment of agenda.appointments) {
        if (appointment.day !== day) continue;
        listed.add(patientId);
        lines.push({
          appointment,
          entry: this.#entry(patientId),
          readiness: this.#readiness(patientId),
          pending: this.#main.pending.of(patientId).length,
        });
      }
    }
    return {
      lines: lines.sort((left, right) => compareAppointments(left.appointment, right.appointment)),
      // A pack that is here but not yet looked through for bookings still counts as arriving.
      arriving: bag.state.booked.filter(
        ({ patientId, start }) =>
          dayOf(start) === day &&
          !listed.has(patientId) &&
          bag.logs.agenda.entries.get(patientId)?.revision !==
            (bag.logs.packs.entries.get(patientId)?.revision ?? -1),
      ),
    };
  }

  #tasks(filter: TaskFilter): readonly TaskLine[] {
    const lines: TaskLine[] = [];
    for (const [patientId, agenda] of this.#agendas()) {
      if (filter.patientId !== undefined && filter.patientId !== patientId) continue;
      for (const task of agenda.tasks) {
        if (filter.open !== undefined && task.open !== filter.open) continue;
        if (filter.owners && !filter.owners.includes(task.owner?.reference ?? '')) continue;
        lines.push({ task, entry: this.#entry(patientId) });
      }
    }
    const ownTasks = agendaOf('', this.#sharedTasks()).tasks;
    for (const task of ownTasks) {
      if (filter.patientId !== undefined) continue;
      if (filter.open !== undefined && task.open !== filter.open) continue;
      if (filter.owners && !filter.owners.includes(task.owner?.reference ?? '')) continue;
      lines.push({ task: { ...task, patientId: null }, entry: null });
    }
    return lines.sort((left, right) => compareTasks(left.task, right.task));
  }

  /** Tasks that are about no patient. */
  *#sharedTasks(): Iterable<ShownResource> {
    const { bag, reader } = this.#bag();
    for (const key of bag.logs.shared.entries.keys()) {
      if (!key.startsWith('Task/')) continue;
      const resource = reader.sharedResource(key as ResourceAsShown['source']['key']);
      if (resource) {
        yield { source: { key: key as ResourceAsShown['source']['key'], version: null }, resource };
      }
    }
  }
}

const TERMS_COUNTED = 500;

/** One use more; the longest unused of too many go. */
function countedUse(uses: Readonly<Record<string, number>>, code: string): Readonly<Record<string, number>> {
  const others = Object.entries(uses).filter(([one]) => one !== code);
  const counted = [...others.slice(1 - TERMS_COUNTED), [code, (uses[code] ?? 0) + 1] as const];
  return Object.fromEntries(counted);
}

/** `YYYY-MM-DD` in England. */
function dayOf(start: string): string | null {
  const day = localDayOf(start);
  return day === null ? null : formatCivilDate(day);
}
