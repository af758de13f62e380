import type { DirectoryAnswer } from '../../../contract/record-service.ts';
import { loadProgress } from '../../../domain/sync/first-load.ts';
import type { LoadProgress } from '../../../domain/sync/first-load.ts';
import { wantedPacks } from '../../../domain/sync/scope-priority.ts';

/** What the device may carry, and what is here. */
export interface CarriedScope {
  readonly present: ReadonlyMap<string, unknown>;
  readonly offlineScope: 'all' | 'booked';
  /** Patients opened on this computer, latest first. */
  readonly recent: readonly string[];
  /** `YYYY-MM-DD` at the practice. */
  readonly today: string;
}

export interface WantedRecord {
  readonly patientId: string;
  /** A person waits for it. */
  readonly urgent: boolean;
  /** A record read earlier than this is of no use. */
  readonly notBefore: number;
}

/** Whose records there are, which of them are to be fetched, and why: from the directory, the feed, and people. */
export class WantedRecords {
  /** Bytes by patient in scope; null until directory or cache said who is. */
  #sizes: Map<string, number> | null = null;
  #booked: DirectoryAnswer['booked'] = [];
  #bookedPatients: ReadonlySet<string> = new Set();
  readonly #now = new Set<string>();
  /** Records that are here and known to be wrong, with the position that a better one must show. */
  readonly #outdated = new Map<string, number>();
  readonly #absent = new Set<string>();
  /** What the last comparison found to differ and was not fetched again yet; null when no comparison is open. */
  #differing: Set<string> | null = null;

  get isKnown(): boolean {
    return this.#sizes !== null;
  }

  /** A record here is known to be wrong and was not fetched again yet. */
  get hasOutdated(): boolean {
    return this.#outdated.size > 0;
  }

  /** Null when no comparison is open; empty when all that differed was fetched again. */
  get differing(): ReadonlySet<string> | null {
    return this.#differing;
  }

  /** The cache was changed for another, or lost what it held: who is in scope is asked anew. */
  unknow(): void {
    this.#sizes = null;
  }

  /** Everybody in scope, with the size of each record. */
  learn(sizes: Iterable<readonly [string, number]>): void {
    this.#sizes = new Map(sizes);
  }

  learnDirectory(directory: DirectoryAnswer): void {
    this.learn(directory.entries.map((entry) => [entry.id, entry.pack.bytes]));
    this.#booked = directory.booked;
    this.#bookedPatients = new Set(directory.booked.map((booking) => booking.patientId));
  }

  /** The feed begins from this directory: what was said of any record before is over. */
  beginFrom(directory: DirectoryAnswer): void {
    this.#outdated.clear();
    this.#absent.clear();
    this.#differing = null;
    this.learnDirectory(directory);
  }

  /** The feed's directory names this patient now. */
  include(patientId: string, bytes: number): void {
    this.#sizes?.set(patientId, bytes);
    this.#absent.delete(patientId);
  }

  wantNow(patientId: string): void {
    this.#absent.delete(patientId);
    this.#now.add(patientId);
  }

  want(patientId: string): void {
    this.#absent.delete(patientId);
    if (this.#sizes?.has(patientId) === false) this.#sizes.set(patientId, 0);
  }

  outdate(patientId: string, notBefore: number): void {
    this.want(patientId);
    this.#outdated.set(patientId, Math.max(notBefore, this.#outdated.get(patientId) ?? 0));
  }

  compared(differing: readonly string[]): void {
    this.#differing = new Set(differing);
  }

  endComparison(): void {
    this.#differing = null;
  }

  arrived(patientId: string): void {
    this.#now.delete(patientId);
    this.#outdated.delete(patientId);
    this.#differing?.delete(patientId);
  }

  /** The service has no such patient for this device. */
  isNowhere(patientId: string): void {
    this.arrived(patientId);
    this.#absent.add(patientId);
  }

  /**
   * The service hands out no more records outside the booked days today. Booked ones, and those that are here and
   * known to be wrong, stay wanted; the others until a person opens them again.
   * @returns whether anything is asked for less now
   */
  isOutsideScope(patientIds: readonly string[]): boolean {
    const left = patientIds.filter(
      (patientId) => !this.#bookedPatients.has(patientId) && !this.#outdated.has(patientId),
    );
    for (const patientId of left) this.isNowhere(patientId);
    return left.length > 0;
  }

  isAbsent(patientId: string): boolean {
    return this.#absent.has(patientId);
  }

  /** Left the scope. */
  forget(patientId: string): void {
    this.arrived(patientId);
    this.#sizes?.delete(patientId);
  }

  /** Most urgent first. */
  wanted(scope: CarriedScope): readonly WantedRecord[] {
    if (this.#sizes === null) return [];
    return wantedPacks({
      ...scope,
      patients: [...this.#sizes.keys()],
      wantedNow: this.#now,
      booked: this.#booked,
      recent: [...this.#outdated.keys(), ...scope.recent],
    })
      .filter(({ patientId }) => !this.#absent.has(patientId))
      .map(({ patientId, reason }) => ({
        patientId,
        urgent: reason === 'wanted-now',
        notBefore: this.#outdated.get(patientId) ?? 0,
      }));
  }

  /** Null while nobody knows who is in scope, and when all is here. */
  progress(
    { present, offlineScope }: CarriedScope,
    fetched: { readonly fetchedBytes: number; readonly fetchingMs: number; readonly paused: boolean },
  ): LoadProgress | null {
    if (this.#sizes === null) return null;
    const isCarried = (patientId: string): boolean =>
      !this.#absent.has(patientId) &&
      (offlineScope === 'all' || this.#bookedPatients.has(patientId) || present.has(patientId));
    return loadProgress({ sizes: entriesWhere(this.#sizes, isCarried), present, ...fetched });
  }
}

/** Without a copy: this is asked at every change of the status while thousands of records arrive. */
function* entriesWhere<Value>(
  entries: ReadonlyMap<string, Value>,
  holds: (key: string) => boolean,
): Generator<readonly [string, Value]> {
  for (const entry of entries) if (holds(entry[0])) yield entry;
}
