import type { PendingOperation } from '../../contract/cache-port.ts';
import { parseExact, stringifyExact } from '../../domain/fhir/exact-json.ts';
import { resourceKey } from '../../domain/identifiers.ts';
import type {
  DeviceId,
  GroupId,
  OperationId,
  OrganisationId,
  PatientId,
  ResourceKey,
  UserId,
} from '../../domain/identifiers.ts';
import { success } from '../../domain/result.ts';
import { elementDiff, withoutServiceMeta } from '../../domain/sync/element-diff.ts';
import type { Author, OperationKind, ResourceJson, Role } from '../../domain/sync/operation.ts';
import type { UnnumberedOperation } from '../../main/services/journal/journal.ts';
import { SyncEngine } from '../../main/services/sync/engine.ts';
import type { DecisionToSave } from '../../main/services/sync/ports.ts';
import { beginLease, leaseState } from '../../main/services/vault/lease.ts';
import type { Lease, LeaseState } from '../../main/services/vault/lease.ts';
import { emptyCache, MemoryCache } from './memory-cache.ts';
import type { CacheImage } from './memory-cache.ts';
import { copyImage, MemoryJournal } from './memory-journal.ts';
import type { DurableImage } from './memory-journal.ts';
import { NetworkLink } from './network-link.ts';
import type { Oracle } from './oracle.ts';
import type { PlantedBug } from './planted-bugs.ts';
import type { ServiceModel } from './service-model.ts';
import type { VirtualTime } from './virtual-time.ts';

export interface Surroundings {
  readonly service: ServiceModel;
  readonly time: VirtualTime;
  readonly chance: () => number;
  readonly oracle: Oracle;
  readonly plant: PlantedBug | null;
  /** Ids in the order in which they are asked for. */
  readonly newId: (kind: string) => string;
}

/** What a screen shows of one resource. */
export interface Shown {
  readonly standing: ResourceJson | null;
  /** The service's version that stands on the screen, or that unsent work will follow. */
  readonly version: number | null;
  /** An unsent operation whose result stands on the screen. */
  readonly unsent: PendingOperation | null;
  readonly disputed: readonly PendingOperation[];
}

const leaseDays = 14;
const roles: readonly Role[] = ['gp', 'nurse', 'locum'];

export function authorOf(user: number): Author {
  const role = roles[user % roles.length] ?? 'gp';
  return {
    userId: `user-${user}` as UserId,
    practitionerId: `practitioner-${user}`,
    name: `Person ${user}`,
    role,
    organisation: 'A99999' as OrganisationId,
  };
}

/**
 * One computer: the real engine over a journal, a cache and a way to the service in memory. A kill drops the engine
 * in the middle of whatever it does; what lies on the disk goes on with the next one.
 */
export class DeviceModel {
  readonly name: string;
  readonly #around: Surroundings;
  readonly #image: DurableImage;
  readonly #cacheImage: CacheImage;
  #journal: MemoryJournal;
  #cache: MemoryCache | null = null;
  #engine: SyncEngine;
  link: NetworkLink;
  clockOffsetMs = 0;
  user = 0;
  isWiped = false;
  isRevoked = false;
  #saving = 0;
  #lease: Lease;
  #leaseReadAtMs: number;
  readonly #signedInAtMs: number;
  /** Running time that a kill took before it was kept. */
  #unkeptMs = 0;

  constructor(name: string, image: DurableImage, around: Surroundings, cacheImage = emptyCache()) {
    this.name = name;
    this.#image = image;
    this.#cacheImage = cacheImage;
    this.#around = around;
    this.#signedInAtMs = around.time.nowMs;
    this.#leaseReadAtMs = around.time.nowMs;
    this.#lease = beginLease(leaseDays, '2026-01-01T00:00:00Z', around.time.nowMs);
    this.#journal = new MemoryJournal(image, around.time, around.plant);
    this.link = this.#newLink(null);
    this.#engine = this.#newEngine();
    this.unlock(0);
  }

  get engine(): SyncEngine {
    return this.#engine;
  }
  get journal(): MemoryJournal {
    return this.#journal;
  }
  get cache(): MemoryCache | null {
    return this.#cache;
  }
  get cacheImage(): CacheImage {
    return this.#cacheImage;
  }
  /** Neither wiped nor revoked: it takes part. */
  get isInUse(): boolean {
    return !this.isWiped && !this.isRevoked;
  }
  get isUnlocked(): boolean {
    return this.#cache !== null;
  }

  unlock(user: number): void {
    if (!this.isInUse) return;
    this.user = user;
    this.link.carrier = authorOf(user).userId;
    this.#cache = new MemoryCache(this.#cacheImage, (patientIds) => {
      if (this.#around.plant === 'purge-deletes') void this.#voidAll(patientIds);
    });
    this.#engine.attachCache(this.#cache);
  }

  lock(): void {
    this.#cache = null;
    this.#engine.detachCache();
  }

  /** The lease by the vault's own code, its high-water mark kept as the vault keeps it. */
  keepLease(): { readonly state: LeaseState; readonly mostLeftMs: number } {
    const { nowMs } = this.#around.time;
    const state = leaseState(this.#lease, nowMs + this.clockOffsetMs, nowMs - this.#leaseReadAtMs);
    this.#lease = { ...this.#lease, elapsedMs: state.elapsedMs };
    this.#leaseReadAtMs = nowMs;
    const mostLeftMs = leaseDays * 86_400_000 - (nowMs - this.#signedInAtMs) + this.#unkeptMs;
    return { state, mostLeftMs };
  }

  kill(): void {
    this.#unkeptMs += this.#around.time.nowMs - this.#leaseReadAtMs;
    this.#leaseReadAtMs = this.#around.time.nowMs;
    this.#journal.kill();
    this.link.cut();
    const { mood, signedIn } = this.link;
    this.#cache = null;
    this.#journal = new MemoryJournal(this.#image, this.#around.time, this.#around.plant);
    this.link = this.#newLink({ mood, signedIn });
    this.#engine = this.#newEngine();
    this.unlock(this.user);
  }

  /** A copy of the whole profile, as a restore from a backup of the computer makes it. */
  clone(name: string): DeviceModel {
    return new DeviceModel(name, copyImage(this.#image), this.#around);
  }

  shown(key: string): Shown {
    const [type = '', id = ''] = key.split('/');
    const patientId = this.#patientOf(key);
    const cached = this.#cacheImage.packs.get(patientId ?? '')?.resources.get(resourceKey(type, id));
    let standing = cached?.content == null ? null : (parseExact(cached.content) as ResourceJson);
    let version = cached?.version ?? null;
    let unsent: PendingOperation | null = null;
    const disputed: PendingOperation[] = [];
    for (const pending of this.#cache?.pending ?? []) {
      if ((pending.operation.resource as string) !== key || pending.after === undefined) continue;
      if (pending.state === 'conflict' || pending.state === 'rejected') disputed.push(pending);
      else if (pending.state === 'waiting') {
        standing = parseExact(pending.after) as ResourceJson;
        unsent = pending;
      } else if ((pending.resultVersion ?? 0) > (version ?? 0)) {
        standing = parseExact(pending.after) as ResourceJson;
        version = pending.resultVersion ?? version;
        unsent = null;
      }
    }
    return { standing, version, unsent, disputed };
  }

  /** Keys of everything of a patient that stands on this screen. */
  keysOf(patientId: string): readonly string[] {
    const keys = new Set<string>(this.#cacheImage.packs.get(patientId)?.resources.keys() ?? []);
    for (const { operation } of this.#cache?.pending ?? []) {
      if (operation.patientId === (patientId as PatientId)) keys.add(operation.resource);
    }
    return [...keys].sort();
  }

  /** One save by whoever is signed in. Resolves when the journal has it for certain. */
  async save(
    patientId: string,
    changes: readonly {
      readonly kind: OperationKind;
      readonly after: ResourceJson;
      readonly resolvesConflict?: string;
    }[],
    skippedOpIds: readonly string[] = [],
  ): Promise<string | null> {
    if (!this.isUnlocked || !this.isInUse) return null;
    const author = authorOf(this.user);
    const groupId = this.#around.newId('group') as GroupId;
    const operations = [
      ...changes.map((change) => this.#operation(patientId, change)),
      ...skippedOpIds.map((opId) => this.#skip(patientId, opId)),
    ];
    this.#saving += 1;
    const { oracle } = this.#around;
    const signed = await this.#journal.saveGroup(groupId, author, operations);
    this.#saving -= 1;
    for (const { operation } of signed)
      oracle.saved(this, operation, this.#basesOf.get(operation.opId) ?? null);
    return groupId;
  }

  get isSaving(): boolean {
    return this.#saving > 0;
  }

  readonly #basesOf = new Map<OperationId, ResourceJson | null>();

  #operation(
    patientId: string,
    change: {
      readonly kind: OperationKind;
      readonly after: ResourceJson;
      readonly resolvesConflict?: string;
    },
  ): UnnumberedOperation {
    const key = resourceKey(change.after.resourceType, change.after.id);
    const shown = this.shown(key);
    const opId = this.#around.newId('op') as OperationId;
    const makes = change.kind === 'create' || change.kind === 'append';
    this.#basesOf.set(opId, makes ? null : shown.standing);
    const seen = this.#engine.seen;
    return {
      schemaVersion: 1,
      opId,
      patientId: patientId as PatientId,
      kind: change.kind,
      resource: key,
      ...(makes ? {} : this.#baseOf(shown)),
      after: change.after,
      diff: makes ? [] : elementDiff(shown.standing ?? {}, change.after),
      ...(change.kind === 'void' || change.kind === 'correct' ? { reason: 'because' } : {}),
      ...(change.resolvesConflict === undefined ? {} : { resolvesConflict: change.resolvesConflict }),
      ...(seen === null ? {} : { seen }),
      recordedAt: { wallClock: this.#instant(), monotonicMs: this.#around.time.nowMs },
    };
  }

  #baseOf({ unsent, version }: Shown): Pick<UnnumberedOperation, 'baseVersion' | 'prevOpId'> {
    if (unsent !== null && (this.#around.plant !== 'second-edit-conflicts' || version === null)) {
      return { prevOpId: unsent.operation.opId };
    }
    return { baseVersion: version ?? 0 };
  }

  #skip(patientId: string, skipped: string): UnnumberedOperation {
    const opId = this.#around.newId('op') as OperationId;
    return {
      schemaVersion: 1,
      opId,
      patientId: patientId as PatientId,
      kind: 'skip',
      resource:
        this.#journal.operation(skipped as OperationId)?.signed.operation.resource ??
        ('Basic/none' as ResourceKey),
      diff: [],
      reason: 'because',
      skippedOpId: skipped as OperationId,
      recordedAt: { wallClock: this.#instant(), monotonicMs: this.#around.time.nowMs },
    };
  }

  /** The bug: a cache that treats taking a record away as deleting it. */
  async #voidAll(patientIds: readonly string[]): Promise<void> {
    for (const patientId of patientIds) {
      const after = { resourceType: 'Observation', id: `purged-${patientId}`, status: 'entered-in-error' };
      await this.#journal.saveGroup(this.#around.newId('group') as GroupId, authorOf(this.user), [
        {
          schemaVersion: 1,
          opId: this.#around.newId('op') as OperationId,
          patientId: patientId as PatientId,
          kind: 'void',
          resource: resourceKey('Observation', after.id),
          baseVersion: 1,
          after: { ...after, subject: { reference: `Patient/${patientId}` } },
          diff: [],
          reason: 'purge',
          recordedAt: { wallClock: this.#instant(), monotonicMs: 0 },
        },
      ]);
    }
  }

  #patientOf(key: string): string | undefined {
    for (const [patientId, pack] of this.#cacheImage.packs) if (pack.resources.has(key)) return patientId;
    return undefined;
  }

  #instant(): string {
    return new Date(this.#around.time.nowMs + this.clockOffsetMs).toISOString();
  }

  #newLink(before: { readonly mood: NetworkLink['mood']; readonly signedIn: boolean } | null): NetworkLink {
    const { service, time, chance, plant } = this.#around;
    const link = new NetworkLink(service, time, chance, () => this.#image.deviceId, plant);
    if (before !== null) {
      link.mood = before.mood;
      link.signedIn = before.signedIn;
    }
    return link;
  }

  #newEngine(): SyncEngine {
    const { time, chance, newId } = this.#around;
    const journal = this.#journal;
    const engine: SyncEngine = new SyncEngine({
      client: this.link,
      journal,
      decisions: { save: (decision) => this.#decide(decision) },
      keeper: {
        wipe: () => {
          this.isWiped = true;
          this.lock();
          return Promise.resolve('done' as const);
        },
        revoked: () => {
          this.isRevoked = true;
          this.lock();
          return Promise.resolve();
        },
        forked: async (opIds) => {
          await journal.renumber(newId('device') as DeviceId, opIds);
          return 'done';
        },
      },
      audit: { peek: () => Promise.resolve([]), acknowledge: () => Promise.resolve() },
      clock: {
        wallMs: () => time.nowMs + this.clockOffsetMs,
        monotonicMs: () => time.nowMs,
        after: (ms, run) => time.after(ms, run),
      },
      chance,
      newId: () => newId('resource'),
      offlineScope: () => 'all',
      recent: () => [],
      today: () => '2026-01-01',
    });
    engine.start();
    return engine;
  }

  async #decide(
    decision: DecisionToSave,
  ): ReturnType<ConstructorParameters<typeof SyncEngine>[0]['decisions']['save']> {
    const refused = { ok: false, error: { code: 'locked', message: 'Locked.', lost: 'nothing' } } as const;
    if (!this.isUnlocked || decision.patientId === undefined) return refused;
    if (decision.kind === 'skip') {
      const [first] = decision.skippedOpIds;
      const author = this.#journal.operation(first as OperationId)?.signed.operation.author;
      if (author?.userId !== authorOf(this.user).userId) return refused;
      const groupId = await this.save(decision.patientId, [], decision.skippedOpIds);
      return groupId === null ? refused : success({ groupId });
    }
    const groupId = await this.save(
      decision.patientId,
      decision.changes.map((change) => ({
        kind: change.kind,
        after: withoutServiceMeta(parseExact(change.after)) as ResourceJson,
        ...(change.resolvesConflict === undefined ? {} : { resolvesConflict: change.resolvesConflict }),
      })),
    );
    return groupId === null ? refused : success({ groupId });
  }
}

/** The content of a resource as a text that can be compared, without what only the service writes (its `meta`). */
export function contentText(resource: ResourceJson | null): string {
  if (resource === null) return '';
  return stringifyExact(sortKeys({ ...resource, meta: undefined }));
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== 'object' || value === null || 'rawJSON' in value) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(([key, member]) => [key, sortKeys(member)]),
  );
}
