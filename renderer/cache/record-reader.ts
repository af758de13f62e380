/** Opens records: read, open, decompress, parse, lay pending work over, project. The last few stay open in memory. */
import { parseForView } from '../../domain/fhir/exact-json.ts';
import { localDayOf } from '../../domain/fhir/local-time.ts';
import { formatCivilDate } from '../../domain/fhir/civil-date.ts';
import { resourceKey, type ResourceKey } from '../../domain/identifiers.ts';
import {
  overlay,
  type AnyResource,
  type CachedResource,
  type PendingChange,
} from '../../domain/record/overlay.ts';
import { readPack, splitArray, versionOf, type PackItem } from '../../domain/record/pack.ts';
import { OpenRecord } from '../../domain/record/record-projection.ts';
import type { BagStore } from './bag-store.ts';
import { isCurrent } from './bag-feeding.ts';
import { isUnreadable, openPack } from './pack-reading.ts';
import type { PendingStore } from './pending-store.ts';

/** How many patients' records stay open: a surgery's back and forth, not a practice. */
const KEPT_OPEN = 12;
/** And how many resources of them in all, at some 6 KB each: a dozen usual records, or one that is very long. */
const KEPT_RESOURCES = 2_500;
/** A number written with a trailing zero, which a plain parse would lose. */
const TRAILING_ZERO = /\d\.\d*0\s*[,}\]]/;

interface CachedPatient {
  readonly revision: number;
  readonly resources: readonly CachedResource[];
  readonly opened: Map<string, OpenedWith>;
}

interface OpenedWith {
  readonly pending: readonly PendingChange[];
  readonly dataAsOf: string | null;
  readonly today: string;
  readonly run: number;
  readonly record: OpenRecord;
}

export type Reading =
  | { readonly state: 'open'; readonly record: OpenRecord }
  | { readonly state: 'missing' }
  | { readonly state: 'unreadable' };

export class RecordReader {
  readonly #bag: BagStore;
  readonly #pending: PendingStore;
  readonly #kept = new Map<string, CachedPatient>();
  readonly #shared = new Map<ResourceKey, { readonly text: string; readonly resource: AnyResource }>();

  constructor(bag: BagStore, pending: PendingStore) {
    this.#bag = bag;
    this.#pending = pending;
  }

  async open(patientId: string, asAt: string | null): Promise<Reading> {
    let cached: CachedPatient | null;
    try {
      cached = await this.#cached(patientId);
    } catch (error) {
      if (!isUnreadable(error)) throw error;
      return { state: 'unreadable' };
    }
    const madeHere = this.#pending.isMadeHere(patientId);
    if (cached === null) {
      if (!madeHere) return { state: 'missing' };
      cached = { revision: 0, resources: [], opened: new Map() };
    }
    const pending = this.#pending.of(patientId);
    const { dataAsOf, run } = this.#bag.state;
    const today = todayInEngland();
    const before = cached.opened.get(asAt ?? '');
    if (
      before?.pending === pending &&
      before.dataAsOf === dataAsOf &&
      before.today === today &&
      before.run === run
    ) {
      return { state: 'open', record: before.record };
    }
    const record = new OpenRecord(overlay(cached.resources, pending), (key) => this.sharedResource(key), {
      patientId,
      today,
      asAt,
      dataAsOf,
      state: cached.revision === 0 ? 'new' : isCurrent(this.#bag, patientId) ? 'complete' : 'superseded',
    });
    cached.opened.set(asAt ?? '', { pending, dataAsOf, today, run, record });
    return { state: 'open', record };
  }

  /** The cached resources as the service wrote them, letter for letter. Read anew: an open record is kept without its text. */
  async items(patientId: string): Promise<readonly PackItem[]> {
    const entry = this.#bag.logs.packs.entries.get(patientId);
    return entry === undefined ? [] : readPack(await openPack(this.#bag, entry));
  }

  /** A resource that belongs to no patient. */
  sharedResource(key: ResourceKey): AnyResource | undefined {
    const text = this.#bag.logs.shared.entries.get(key);
    if (text === undefined) return undefined;
    const known = this.#shared.get(key);
    if (known?.text === text) return known.resource;
    const resource = parseForView(text) as AnyResource;
    this.#shared.set(key, { text, resource });
    return resource;
  }

  forget(patientIds: readonly string[]): void {
    for (const patientId of patientIds) this.#kept.delete(patientId);
  }

  async #cached(patientId: string): Promise<CachedPatient | null> {
    const entry = this.#bag.logs.packs.entries.get(patientId);
    if (!entry) return null;
    const kept = this.#kept.get(patientId);
    this.#kept.delete(patientId);
    if (kept?.revision === entry.revision) {
      this.#kept.set(patientId, kept);
      return kept;
    }
    const text = await openPack(this.#bag, entry);
    const fresh: CachedPatient = {
      revision: entry.revision,
      resources: parsePack(text),
      opened: new Map(),
    };
    this.#kept.set(patientId, fresh);
    this.#letOldestGo();
    return fresh;
  }

  /** However long it is, the record that was opened last stays. */
  #letOldestGo(): void {
    let resources = 0;
    for (const kept of this.#kept.values()) resources += kept.resources.length;
    for (const [oldest, kept] of this.#kept) {
      if (this.#kept.size === 1 || (this.#kept.size <= KEPT_OPEN && resources <= KEPT_RESOURCES)) break;
      this.#kept.delete(oldest);
      resources -= kept.resources.length;
    }
  }
}

/**
 * Parses a pack for reading. The engine's plain parse is several times faster than one that looks at every value, so
 * only the resources that hold a number with a trailing zero are read again with its written form.
 */
function parsePack(text: string): readonly CachedResource[] {
  const resources = JSON.parse(text) as AnyResource[];
  if (!Array.isArray(resources)) throw new SyntaxError('the pack is no array');
  if (TRAILING_ZERO.test(text)) {
    for (const [index, element] of splitArray(text).entries()) {
      if (TRAILING_ZERO.test(element)) resources[index] = parseForView(element) as AnyResource;
    }
  }
  return resources.map((resource) => ({
    key: resourceKey(resource.resourceType, resource.id ?? ''),
    version: versionOf(resource),
    resource,
  }));
}

export function todayInEngland(): string {
  const day = localDayOf(new Date().toISOString());
  return day === null ? '' : formatCivilDate(day);
}
