import type {
  ChangeEntry,
  ChangesPage,
  Conflict,
  Cursor,
  DirectoryAnswer,
  EscrowReceipt,
  EscrowRequest,
  LaneHandshakeAnswer,
  ManifestAnswer,
  PackHeader,
  Probe,
  PushAnswer,
  CombinedSafetyFinding,
} from '../../contract/record-service.ts';
import { parseExact, stringifyExact } from '../../domain/fhir/exact-json.ts';
import type { PatientId, ResourceKey } from '../../domain/identifiers.ts';
import type { DirectoryEntry } from '../../domain/record/directory-entry.ts';
import { failure, success } from '../../domain/result.ts';
import type {
  Operation,
  OperationOutcome,
  ResourceJson,
  SignedOperation,
} from '../../domain/sync/operation.ts';
import type { Answered, ReceivedPack } from '../../main/services/sync/ports.ts';
import type { RecordTransaction, StoredVersion } from '../../record-service/store/record-store.ts';
import { compartmentOf } from '../../domain/record/patient-compartment.ts';
import { applyOperation } from '../../record-service/sync/apply-operation.ts';
import type { AppliedOperation } from '../../record-service/sync/apply-operation.ts';
import { meet } from '../../record-service/sync/combined-safety.ts';
import { safetyRelevantTypes } from '../../record-service/sync/combined-safety-port.ts';
import { loadSafetyRules } from '../../record-service/sync/safety-rules.ts';
import { GroupRefused } from '../../record-service/sync/group-refused.ts';
import type { LedgerRow } from '../../record-service/sync/ledger.ts';
import { replacedBy, subjectMismatch } from '../../record-service/sync/subject.ts';
import type { PlantedBug } from './planted-bugs.ts';

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

interface FeedRow {
  readonly position: number;
  readonly groupId: string;
  readonly kind: 'version' | 'scope-enter' | 'scope-exit';
  readonly key: string;
  readonly version: number;
  readonly patientId: string;
}

interface LedgerEntry {
  readonly signed: SignedOperation;
  readonly outcome: OperationOutcome;
  readonly carriedBy: string;
  readonly branchBase: number | null;
}

/** What was asked of the service and changed it, in order, with what came of it: enough to ask another service. */
export type ServiceCall = {
  /** Where the feed stood afterwards. */
  readonly head: number;
} & (
  | { readonly call: 'write'; readonly resources: readonly ResourceJson[]; readonly author: string }
  | { readonly call: 'remove'; readonly key: string; readonly author: string }
  | { readonly call: 'push'; readonly group: readonly SignedOperation[]; readonly answer: PushAnswer }
);

/** Everything that a backup holds and a restore brings back. Rows are never changed, so copying the maps is enough. */
interface ServiceState {
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

/** The service's own rules over its own facts; prepared once. */
export const safetyRules = loadSafetyRules();

/** The people behind user ids, as their certificates would name them. */
export function personOf(userId: string): { readonly name: string; readonly practitionerId: string } {
  return { name: `Person of ${userId}`, practitionerId: `practitioner-of-${userId}` };
}

const emptyState: ServiceState = {
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

/**
 * The record service in memory. Whether an operation is written, merged or kept as a branch is decided by the
 * service's own code (record-service/sync/apply-operation over domain/sync/conflict-policy), as are the
 * wrong-patient guard and the rule for merged records; ledger, lanes, feed and scope are the same rules over maps.
 */
export class ServiceModel {
  readonly #plant: PlantedBug | null;
  readonly calls: ServiceCall[] = [];
  #state: ServiceState = emptyState;
  #backup: ServiceState | null = null;
  #restores = 0;
  /** Work that the service refuses to read (400) until somebody skips it. */
  readonly unreadable = new Set<string>();
  readonly orders = new Map<string, { readonly orderId: string; readonly kind: 'wipe' | 'revoke' }>();
  /** A client of this service is too old until it has been upgraded. */
  needsUpgrade = false;

  constructor(plant: PlantedBug | null) {
    this.#plant = plant;
  }

  get epoch(): string {
    return this.#state.epoch;
  }
  get head(): number {
    return this.#state.position;
  }
  get versions(): ServiceState['versions'] {
    return this.#state.versions;
  }
  get feed(): ServiceState['feed'] {
    return this.#state.feed;
  }
  get ledger(): ServiceState['ledger'] {
    return this.#state.ledger;
  }
  get outOfScope(): ReadonlySet<string> {
    return this.#state.outOfScope;
  }
  get escrow(): ServiceState['escrow'] {
    return this.#state.escrow;
  }
  get openConflicts(): readonly Conflict[] {
    return [...this.#state.conflicts.values()].filter((conflict) => conflict.resolved === undefined);
  }

  standing(key: string): CommittedVersion | undefined {
    return this.#state.versions.get(key)?.at(-1);
  }

  /** What another system or a colleague at the service itself writes, past every device. */
  write(resources: readonly ResourceJson[], author: string): void {
    const work = new Work(this.#state, `service-${this.#state.position}`, author);
    for (const resource of resources) work.write(resource, null, null, null);
    this.#state = work.commit();
    this.calls.push({ call: 'write', resources, author, head: this.head });
  }

  remove(key: string, author: string): void {
    const standing = this.standing(key);
    if (standing === undefined || standing.deleted) return;
    const work = new Work(this.#state, `service-${this.#state.position}`, author);
    work.delete(key);
    this.#state = work.commit();
    this.calls.push({ call: 'remove', key, author, head: this.head });
  }

  setScope(patientId: string, inScope: boolean): void {
    if (this.#state.outOfScope.has(patientId) !== inScope) return;
    const work = new Work(this.#state, `scope-${this.#state.position}`, 'service');
    work.scope(patientId, inScope);
    this.#state = work.commit();
  }

  backUp(): void {
    this.#backup = this.#state;
  }

  /** A restore keeps what the backup has, and begins another history. Escrow is backed up apart and stays. */
  restore(): void {
    if (this.#backup === null) return;
    this.#restores += 1;
    this.#state = {
      ...this.#backup,
      escrow: this.#state.escrow,
      epoch: `epoch-${this.#restores + 1}`,
    };
  }

  // ---- what clients ask -------------------------------------------------------------------------------------

  probe(deviceId: string, wallMs: number): Answered<Probe> {
    if (this.needsUpgrade) return failure({ kind: 'status', status: 426 });
    const order = this.orders.get(deviceId);
    return success({
      epoch: this.#state.epoch,
      head: this.#state.position,
      time: new Date(wallMs).toISOString(),
      durableThrough: this.#backup?.position ?? null,
      orders: order === undefined ? [] : [{ ...order, issuedAt: '2026-01-01T00:00:00Z' }],
    });
  }

  async push(group: readonly SignedOperation[], carriedBy: string): Promise<Answered<PushAnswer>> {
    const answer = await this.#push(group, carriedBy);
    if (answer.ok) this.calls.push({ call: 'push', group, answer: answer.value, head: this.head });
    return answer;
  }

  async #push(group: readonly SignedOperation[], carriedBy: string): Promise<Answered<PushAnswer>> {
    if (this.needsUpgrade) return failure({ kind: 'status', status: 426 });
    const operations = group.map((signed) => signed.operation);
    if (operations.some((operation) => this.unreadable.has(operation.opId))) {
      return failure({ kind: 'status', status: 400, code: 'malformed' });
    }
    const known = operations.map((operation) => this.#state.ledger.get(operation.opId));
    if (this.#plant !== 'duplicate' && known.some((entry) => entry !== undefined)) {
      if (group.some((signed, index) => known[index]?.signed.hash !== signed.hash)) {
        return failure({ kind: 'status', status: 422, code: 'hash-mismatch' });
      }
      return this.#answer(known.flatMap((entry) => (entry === undefined ? [] : [entry.outcome])));
    }
    const placed = this.#placeInLanes(operations);
    if (placed !== null) return this.#answer(placed);
    const [first] = operations;
    if (first === undefined) return failure({ kind: 'status', status: 422 });

    const work = new Work(this.#state, first.groupId, first.author.userId);
    const applied: AppliedOperation[] = [];
    try {
      this.#guardPatients(operations);
      for (const operation of operations) applied.push(await this.#apply(work, operation));
    } catch (error) {
      if (!(error instanceof GroupRefused)) throw error;
      const refused = new Work(this.#state, first.groupId, first.author.userId);
      const outcomes = operations.map((operation): OperationOutcome => ({
        opId: operation.opId,
        outcome: 'rejected',
        code: error.code,
        message: error.message,
      }));
      refused.record(group, outcomes, [], carriedBy);
      this.#state = refused.commit();
      return this.#answer(outcomes);
    }
    const outcomes = applied.map((one) => one.outcome);
    const findings = this.#meet(
      work,
      first,
      applied.flatMap((one) => one.written),
    );
    work.record(group, outcomes, applied, carriedBy);
    this.#state = work.commit();
    return this.#answer(
      outcomes,
      findings,
      operations
        .filter((_operation, index) => applied[index]?.softConflict === true)
        .map(({ resource }) => resource),
    );
  }

  lanes(
    questions: readonly { readonly lane: string; readonly opIds: readonly string[] }[],
  ): Answered<LaneHandshakeAnswer> {
    return success({
      epoch: this.#state.epoch,
      lanes: questions.map(({ lane, opIds }) => ({
        lane,
        expectedLaneSeq: (this.#state.lanes.get(lane) ?? 0) + 1,
        lacking: opIds.filter((opId) => !this.#state.ledger.has(opId)),
      })),
    });
  }

  changes(cursor: Cursor, count: number): Answered<ChangesPage> {
    const { epoch, position, feed } = this.#state;
    if (cursor.epoch !== epoch || cursor.position > position) {
      return failure({ kind: 'status', status: 410, code: 'resync' });
    }
    const rows: FeedRow[] = [];
    for (const row of feed) {
      if (row.position <= cursor.position) continue;
      if (rows.length >= count && rows.at(-1)?.position !== row.position) break;
      rows.push(row);
    }
    const next = rows.at(-1)?.position ?? position;
    const visible = rows.filter(
      (row) => row.kind !== 'version' || row.patientId === '' || !this.#state.outOfScope.has(row.patientId),
    );
    // The bug of a plain sequence: what committed late under a lower number is not in the page that passes it.
    const shown =
      this.#plant === 'missed-feed-row'
        ? visible.filter((row) => row.position % 7 !== 3 || row.kind !== 'version')
        : visible;
    const patients = new Set(
      shown.flatMap((row) => (row.kind === 'scope-exit' || row.patientId === '' ? [] : [row.patientId])),
    );
    return success({
      epoch,
      entries: shown.map((row) => this.#entry(row)),
      next,
      head: position,
      durableThrough: this.#backup?.position ?? null,
      directory: this.#directoryEntries().filter((entry) => patients.has(entry.id)),
    });
  }

  pack(patientId: string): ReceivedPack {
    const resources = this.#state.outOfScope.has(patientId) ? [] : this.#compartment(patientId);
    const header: PackHeader = {
      patientId,
      validAt: this.#state.position,
      resources: resources.length,
      digest: digestOf(resources),
      ...(resources.length === 0 ? { absent: true } : {}),
    };
    return { header, body: packBody(resources) };
  }

  directory(): Answered<DirectoryAnswer> {
    return success({
      epoch: this.#state.epoch,
      position: this.#state.position,
      organisation: { id: 'organisation', name: 'Practice' },
      entries: this.#directoryEntries(),
      booked: [],
      shared: [],
    });
  }

  manifest(): Answered<ManifestAnswer> {
    return success({
      epoch: this.#state.epoch,
      position: this.#state.position,
      patients: this.#patientsInScope().map((patientId) => {
        const resources = this.#compartment(patientId);
        return { patientId, resources: resources.length, digest: digestOf(resources) };
      }),
    });
  }

  takeEscrow(request: EscrowRequest): Answered<EscrowReceipt> {
    const escrow = new Map(this.#state.escrow);
    for (const frame of request.frames) escrow.set(frame.frameId, frame);
    this.#state = { ...this.#state, escrow };
    return success({ received: request.frames.map((frame) => frame.frameId), durable: true });
  }

  // ---- inside -----------------------------------------------------------------------------------------------

  #answer(
    outcomes: readonly OperationOutcome[],
    findings: readonly CombinedSafetyFinding[] = [],
    softConflicts: readonly string[] = [],
  ): Answered<PushAnswer> {
    return success({
      outcomes,
      position: this.#state.position,
      epoch: this.#state.epoch,
      durable: true,
      findings,
      softConflicts,
    });
  }

  /** I16 by the service's own code; only what "unseen" means is read from maps instead of the feed's table. */
  #meet(work: Work, first: Operation, written: readonly ResourceJson[]): readonly CombinedSafetyFinding[] {
    const mine = written.filter(({ resourceType }) => safetyRelevantTypes.includes(resourceType));
    if (first.patientId === undefined || mine.length === 0) return [];
    const keys = new Set(mine.map(({ resourceType, id }) => `${resourceType}/${id}`));
    const seen = first.seen?.epoch === this.#state.epoch ? first.seen.position : 0;
    const others = work
      .standingOf(first.patientId)
      .filter(
        (version) =>
          safetyRelevantTypes.includes(version.type) &&
          version.position > seen &&
          version.author !== first.author.userId &&
          !keys.has(`${version.type}/${version.id}`),
      );
    if (others.length === 0) return [];
    const authors = [first.author.userId, ...others.map(({ author }) => author)];
    const told = this.#plant === 'safety-told-to-one' ? authors.slice(0, 1) : authors;
    const { reported, tasks } = meet(safetyRules, {
      operation: first,
      mine,
      others,
      people: new Map(told.map((userId) => [userId, personOf(userId)])),
      groupId: first.groupId,
      now: new Date(0),
    });
    for (const task of tasks) work.write(task, null, null, null);
    return reported;
  }

  #placeInLanes(operations: readonly Operation[]): readonly OperationOutcome[] | null {
    const next = new Map(this.#state.lanes);
    let gapIn: string | null = null;
    let forked = false;
    for (const operation of operations) {
      const expected = (next.get(operation.lane) ?? 0) + 1;
      if (operation.laneSeq > expected) gapIn ??= operation.lane;
      if (operation.laneSeq < expected && this.#plant !== 'duplicate') forked = true;
      next.set(operation.lane, operation.laneSeq);
      if (this.#plant !== 'duplicate' && this.#state.deviceSequences.has(placeOf(operation))) forked = true;
    }
    if (forked) {
      return operations.map(({ opId }) => ({
        opId,
        outcome: 'rejected',
        code: 'device-forked',
        message: 'forked',
      }));
    }
    if (gapIn === null) return null;
    const expectedLaneSeq = (this.#state.lanes.get(gapIn) ?? 0) + 1;
    return operations.map(({ opId }) => ({ opId, outcome: 'held', expectedLaneSeq }));
  }

  #guardPatients(operations: readonly Operation[]): void {
    for (const operation of operations) {
      if (operation.after === undefined) continue;
      const mismatch = subjectMismatch(operation, operation.after);
      if (mismatch !== null) throw new GroupRefused(operation.opId, 'wrong-patient', mismatch);
    }
  }

  async #apply(work: Work, operation: Operation): Promise<AppliedOperation> {
    if (operation.kind === 'skip') {
      return {
        outcome: { opId: operation.opId, outcome: 'skipped' },
        branchBase: null,
        written: [],
        softConflict: false,
        paths: [],
        before: null,
      };
    }
    const patient =
      operation.patientId === undefined ? undefined : work.standing(`Patient/${operation.patientId}`);
    const mergedInto =
      patient?.content == null ? null : replacedBy(parseExact(patient.content) as ResourceJson);
    const previous = new Map<string, LedgerRow>();
    const before = operation.prevOpId === undefined ? undefined : work.ledger.get(operation.prevOpId);
    if (before !== undefined) previous.set(before.signed.operation.opId, ledgerRow(before));
    const basedOn = this.#baseOf(operation, before);
    if (this.#plant === 'silent-overwrite' && operation.after !== undefined) {
      const written = work.write(operation.after, operation.opId, basedOn, null);
      return {
        outcome: { opId: operation.opId, outcome: 'applied', version: written.version },
        branchBase: null,
        written: [operation.after],
        softConflict: false,
        paths: [],
        before: null,
      };
    }
    if (this.#plant === 'clock-decides' && operation.after !== undefined && operation.kind === 'amend') {
      // The later clock wins and says so: every version has its reason, and a clock that is wrong decides.
      const standing = work.standing(operation.resource);
      const theirs = this.#state.ledger.get(standing?.opId ?? '')?.signed.operation.recordedAt.wallClock;
      if (theirs !== undefined && theirs < operation.recordedAt.wallClock && standing?.deleted === false) {
        const { version } = work.write(operation.after, operation.opId, basedOn, 'changed-meanwhile');
        return {
          outcome: { opId: operation.opId, outcome: 'merged', version, rule: 'changed-meanwhile' },
          branchBase: null,
          written: [operation.after],
          softConflict: false,
          paths: [],
          before: null,
        };
      }
    }
    const applied = await applyOperation(
      {
        transaction: work.asTransaction(operation, basedOn),
        previous,
        mergedInto,
        epoch: this.#state.epoch,
        isOpenConflict: (conflictId, resource) => Promise.resolve(work.isOpen(conflictId, resource)),
      },
      operation,
    );
    if (applied.outcome.outcome === 'merged') work.nameRule(operation.opId, applied.outcome.rule);
    return applied;
  }

  #baseOf(operation: Operation, previous: LedgerEntry | undefined): number | null {
    if (operation.baseVersion !== undefined) return operation.baseVersion;
    return previous !== undefined && 'version' in previous.outcome ? previous.outcome.version : null;
  }

  #entry(row: FeedRow): ChangeEntry {
    if (row.kind !== 'version') return { kind: row.kind, position: row.position, patientId: row.patientId };
    const version = this.#state.versions.get(row.key)?.[row.version - 1];
    const patient = row.patientId === '' ? {} : { patientId: row.patientId };
    if (version?.content == null) {
      return { kind: 'tombstone', position: row.position, key: row.key, version: row.version, ...patient };
    }
    return {
      kind: 'upsert',
      position: row.position,
      key: row.key,
      version: row.version,
      resource: version.content,
      groupId: row.groupId,
      ...patient,
    };
  }

  #patientsInScope(): readonly string[] {
    return [...this.#state.versions.keys()]
      .filter((key) => key.startsWith('Patient/'))
      .map((key) => key.slice('Patient/'.length))
      .filter((patientId) => !this.#state.outOfScope.has(patientId));
  }

  #compartment(patientId: string): readonly CommittedVersion[] {
    const live: CommittedVersion[] = [];
    for (const versions of this.#state.versions.values()) {
      const standing = versions.at(-1);
      if (standing?.patientId === patientId && !standing.deleted) live.push(standing);
    }
    return live;
  }

  #directoryEntries(): readonly DirectoryEntry[] {
    return this.#patientsInScope().map((patientId) => ({
      id: patientId as PatientId,
      family: patientId,
      given: [],
      phones: [],
      protectedPatient: false,
      registration: 'registered',
      safety: { allergyTitle: 'Allergies not recorded', allergies: [], flags: [] },
      pack: { resources: 1, bytes: 100 },
    }));
  }
}

/** One transaction: reads see its own writes, the last statement takes the next position. */
class Work {
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

/** The body of a pack in the model: the resources themselves, in the shape of bytes that the engine passes on. */
export type PackBody = ArrayBuffer & { readonly resources: readonly PackedResource[] };

export interface PackedResource {
  readonly key: ResourceKey;
  readonly version: number;
  readonly content: string;
}

function packBody(resources: readonly CommittedVersion[]): ArrayBuffer {
  const packed = resources.map((version) => ({
    key: `${version.type}/${version.id}`,
    version: version.version,
    content: version.content,
  }));
  return Object.assign(new ArrayBuffer(resources.length * 32), { resources: packed });
}

export function digestOf(
  resources: readonly { readonly version: number; readonly content: string | null }[],
): string {
  return resources
    .map((resource) => `${resource.version}|${resource.content ?? ''}`)
    .sort()
    .join('\n');
}

function withVersion(resource: ResourceJson, version: number): ResourceJson {
  const meta = (resource['meta'] ?? {}) as Record<string, unknown>;
  return { ...resource, meta: { ...meta, versionId: String(version) } };
}

function placeOf(operation: Operation): string {
  return `${operation.deviceId}#${operation.deviceSeq}`;
}

/** What applying reads of the ledger's row of an earlier operation. */
function ledgerRow(entry: LedgerEntry): LedgerRow {
  const [type = '', id = ''] = entry.signed.operation.resource.split('/');
  const row: Pick<LedgerRow, 'type' | 'resource_id' | 'result_version' | 'branch_base' | 'signed_operation'> =
    {
      get signed_operation() {
        return stringifyExact(entry.signed);
      },
      type,
      resource_id: id,
      result_version: 'version' in entry.outcome ? entry.outcome.version : null,
      branch_base: entry.branchBase,
    };
  return row as LedgerRow;
}
