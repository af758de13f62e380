import type { Conflict, EscrowRequest } from '../../contract/record-service.ts';
import { parseExact, stringifyExact } from '../../domain/fhir/exact-json.ts';
import type {
  Operation,
  OperationOutcome,
  ResourceJson,
  SignedOperation,
} from '../../domain/sync/operation.ts';
import { compartmentOf } from '../../domain/record/patient-compartment.ts';
import type { RecordTransaction, StoredVersion } from '../../record-service/store/record-store.ts';
import type { AppliedOperation } from '../../record-service/sync/apply-operation.ts';

/** One committed version, with the operation that made it; null for what the service wrote itself. */
export interface CommittedVersion extends StoredVersion {
  readonly opId: string | null;
  readonly groupId: string;
  readonly position: number;
  /** The history in which it was written. */
  readonly epoch: string;
  /** The version that the author worked on, as the service resolved it. */
  readonly basedOn: number | null;
  readonly rule: string | null;
}

export interface FeedRow {
  readonly position: number;
  readonly groupId: string;
  readonly kind: 'version' | 'scope-enter' | 'scope-exit';
  readonly key: string;
  readonly version: number;
  readonly patientId: string;
}

export interface LedgerEntry {
  readonly signed: SignedOperation;
  readonly outcome: OperationOutcome;
  readonly carriedBy: string;
  readonly branchBase: number | null;
}

/** Everything that a backup holds and a restore brings back. Rows are never changed, so copying the maps is enough. */
export interface ServiceState {
  readonly epoch: string;
  readonly position: number;
  readonly versions: ReadonlyMap<string, readonly CommittedVersion[]>;
  readonly feed: readonly FeedRow[];
  readonly ledger: ReadonlyMap<string, LedgerEntry>;
  readonly lanes: ReadonlyMap<string, number>;
  readonly deviceSequences: ReadonlySet<string>;
  readonly conflicts: ReadonlyMap<string, Conflict>;
  readonly outOfScope: ReadonlySet<string>;
  readonly escrow: ReadonlyMap<string, EscrowRequest['frames'][number]>;
}

export const emptyState: ServiceState = {
  epoch: 'epoch-1',
  position: 0,
  versions: new Map(),
  feed: [],
  ledger: new Map(),
  lanes: new Map(),
  deviceSequences: new Set(),
  conflicts: new Map(),
  outOfScope: new Set(),
  escrow: new Map(),
};

/** One transaction: reads see its own writes, the last statement takes the next position. */
export class Work {
  readonly #before: ServiceState;
  readonly #groupId: string;
  readonly #author: string;
  readonly #position: number;
  readonly #versions: Map<string, readonly CommittedVersion[]>;
  readonly #feed: FeedRow[] = [];
  readonly ledger: Map<string, LedgerEntry>;
  readonly #lanes: Map<string, number>;
  readonly #deviceSequences: Set<string>;
  readonly #conflicts: Map<string, Conflict>;
  readonly #outOfScope: Set<string>;

  constructor(state: ServiceState, groupId: string, author: string) {
    this.#before = state;
    this.#groupId = groupId;
    this.#author = author;
    this.#position = state.position + 1;
    this.#versions = new Map(state.versions);
    this.ledger = new Map(state.ledger);
    this.#lanes = new Map(state.lanes);
    this.#deviceSequences = new Set(state.deviceSequences);
    this.#conflicts = new Map(state.conflicts);
    this.#outOfScope = new Set(state.outOfScope);
  }

  standing(key: string): CommittedVersion | undefined {
    return this.#versions.get(key)?.at(-1);
  }

  write(
    resource: ResourceJson,
    opId: string | null,
    basedOn: number | null,
    rule: string | null,
  ): CommittedVersion {
    const key = `${resource.resourceType}/${resource.id}`;
    const versions = this.#versions.get(key) ?? [];
    const version = versions.length + 1;
    return this.#append(key, {
      type: resource.resourceType,
      id: resource.id,
      version,
      patientId: compartmentOf(resource),
      deleted: false,
      content: stringifyExact(withVersion(resource, version)),
      lastUpdated: '2026-01-01T00:00:00Z',
      digest: '',
      author: this.#author,
      opId,
      groupId: this.#groupId,
      position: this.#position,
      epoch: this.#before.epoch,
      basedOn,
      rule,
    });
  }

  /** What stands of a patient's record, deletions left out. */
  standingOf(patientId: string): readonly CommittedVersion[] {
    const live: CommittedVersion[] = [];
    for (const versions of this.#versions.values()) {
      const standing = versions.at(-1);
      if (standing?.patientId === patientId && !standing.deleted) live.push(standing);
    }
    return live;
  }

  delete(key: string): void {
    const standing = this.standing(key);
    if (standing === undefined) return;
    this.#append(key, {
      ...standing,
      version: standing.version + 1,
      deleted: true,
      content: null,
      author: this.#author,
      opId: null,
      groupId: this.#groupId,
      position: this.#position,
      epoch: this.#before.epoch,
      basedOn: standing.version,
      rule: null,
    });
  }

  scope(patientId: string, inScope: boolean): void {
    if (inScope) this.#outOfScope.delete(patientId);
    else this.#outOfScope.add(patientId);
    this.#feed.push({
      position: this.#position,
      groupId: this.#groupId,
      kind: inScope ? 'scope-enter' : 'scope-exit',
      key: '',
      version: 0,
      patientId,
    });
  }

  nameRule(opId: string, rule: string): void {
    for (const [key, versions] of this.#versions) {
      const last = versions.at(-1);
      if (last?.opId === opId && last.position === this.#position) {
        this.#versions.set(key, [...versions.slice(0, -1), { ...last, rule }]);
      }
    }
  }

  record(
    group: readonly SignedOperation[],
    outcomes: readonly OperationOutcome[],
    applied: readonly AppliedOperation[],
    carriedBy: string,
  ): void {
    for (const [index, signed] of group.entries()) {
      const outcome = outcomes[index];
      if (outcome === undefined) continue;
      const { operation } = signed;
      this.ledger.set(operation.opId, {
        signed,
        outcome,
        carriedBy,
        branchBase: applied[index]?.branchBase ?? null,
      });
      this.#lanes.set(operation.lane, Math.max(operation.laneSeq, this.#lanes.get(operation.lane) ?? 0));
      this.#deviceSequences.add(placeOf(operation));
      if (outcome.outcome === 'conflict') this.#raise(signed, outcome);
      if (operation.resolvesConflict !== undefined && 'version' in outcome) this.#settle(operation);
    }
  }

  commit(): ServiceState {
    const changed = this.#feed.length > 0;
    return {
      ...this.#before,
      position: changed ? this.#position : this.#before.position,
      versions: this.#versions,
      feed: changed ? [...this.#before.feed, ...this.#feed] : this.#before.feed,
      ledger: this.ledger,
      lanes: this.#lanes,
      deviceSequences: this.#deviceSequences,
      conflicts: this.#conflicts,
      outOfScope: this.#outOfScope,
    };
  }

  /** The part of a transaction that the service's own code reads and writes through. */
  asTransaction(operation: Operation, basedOn: number | null): RecordTransaction {
    const of = (type: string, id: string): readonly CommittedVersion[] =>
      this.#versions.get(`${type}/${id}`) ?? [];
    const part: Pick<RecordTransaction, 'read' | 'readVersion' | 'readHistory' | 'write'> = {
      read: (type, id) => Promise.resolve(of(type, id).at(-1)),
      readVersion: (type, id, version) => Promise.resolve(of(type, id)[version - 1]),
      readHistory: (type, id) => Promise.resolve([...of(type, id)].reverse()),
      write: (resource) => Promise.resolve(this.write(resource, operation.opId, basedOn, null)),
    };
    return part as RecordTransaction;
  }

  #append(key: string, version: CommittedVersion): CommittedVersion {
    this.#versions.set(key, [...(this.#versions.get(key) ?? []), version]);
    this.#feed.push({
      position: this.#position,
      groupId: this.#groupId,
      kind: 'version',
      key,
      version: version.version,
      patientId: version.patientId ?? '',
    });
    return version;
  }

  #raise(losing: SignedOperation, outcome: Extract<OperationOutcome, { outcome: 'conflict' }>): void {
    this.#conflicts.set(outcome.conflictId, {
      conflictId: outcome.conflictId,
      patientId: losing.operation.patientId ?? null,
      key: losing.operation.resource,
      rule: outcome.rule,
      raisedAt: '2026-01-01T00:00:00Z',
      losing,
      baseVersion: losing.operation.baseVersion ?? null,
      currentVersion: outcome.currentVersion,
      current: outcome.current === null ? null : stringifyExact(outcome.current),
      ...(outcome.base === undefined ? {} : { base: stringifyExact(outcome.base) }),
    });
  }

  isOpen(conflictId: string, resource: string): boolean {
    const conflict = this.#conflicts.get(conflictId);
    return conflict !== undefined && conflict.resolved === undefined && conflict.key === resource;
  }

  #settle(operation: Operation): void {
    const conflict = this.#conflicts.get(operation.resolvesConflict ?? '');
    if (conflict === undefined || conflict.key !== (operation.resource as string)) return;
    this.#conflicts.set(conflict.conflictId, {
      ...conflict,
      resolved: { by: operation.author.userId, at: '2026-01-01T00:00:00Z', opId: operation.opId },
    });
  }
}

function withVersion(resource: ResourceJson, version: number): ResourceJson {
  const meta = (resource['meta'] ?? {}) as Record<string, unknown>;
  return { ...resource, meta: { ...meta, versionId: String(version) } };
}

export function placeOf(operation: Operation): string {
  return `${operation.deviceId}#${operation.deviceSeq}`;
}

export function contentOf(version: CommittedVersion): ResourceJson | null {
  return version.content === null ? null : (parseExact(version.content) as ResourceJson);
}
