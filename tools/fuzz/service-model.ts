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
import { applyOperation } from '../../record-service/sync/apply-operation.ts';
import type { AppliedOperation } from '../../record-service/sync/apply-operation.ts';
import { meet } from '../../record-service/sync/combined-safety.ts';
import { safetyRelevantTypes } from '../../record-service/sync/combined-safety-port.ts';
import { loadSafetyRules } from '../../record-service/sync/safety-rules.ts';
import { GroupRefused } from '../../record-service/sync/group-refused.ts';
import type { LedgerRow } from '../../record-service/sync/ledger.ts';
import { guardPatients } from '../../record-service/sync/patient-check.ts';
import { encounterOf, replacedBy } from '../../record-service/sync/subject.ts';
import type { PlantedBug } from './planted-bugs.ts';
import { contentOf, emptyState, placeOf, Work } from './service-transaction.ts';
import type { CommittedVersion, FeedRow, LedgerEntry, ServiceState } from './service-transaction.ts';

/** What was asked of the service and changed it, in order, with what came of it: enough to ask another service. */
export type ServiceCall = {
  /** Where the feed stood afterwards. */
  readonly head: number;
} & (
  | { readonly call: 'write'; readonly resources: readonly ResourceJson[]; readonly author: string }
  | { readonly call: 'remove'; readonly key: string; readonly author: string }
  | { readonly call: 'push'; readonly group: readonly SignedOperation[]; readonly answer: PushAnswer }
);

/** The service's own rules over its own facts; prepared once. */
export const safetyRules = loadSafetyRules();

/** The people behind user ids, as their certificates would name them. */
export function personOf(userId: string): { readonly name: string; readonly practitionerId: string } {
  return { name: `Person of ${userId}`, practitionerId: `practitioner-of-${userId}` };
}

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
      await this.#guardPatients(operations);
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

  /** I14 by the service's own code; only where it reads is maps instead of tables. */
  async #guardPatients(operations: readonly Operation[]): Promise<void> {
    if (this.#plant === 'note-not-known') this.#refuseUnknownNotes(operations);
    await guardPatients(
      {
        read: (type, id) => Promise.resolve(this.standing(`${type}/${id}`)),
        patientsNaming: (encounterId) =>
          Promise.resolve(this.#plant === 'note-of-another' ? [] : this.#patientsNaming(encounterId)),
      },
      operations,
    );
  }

  #refuseUnknownNotes(operations: readonly Operation[]): void {
    for (const { opId, after } of operations) {
      const encounterId = after === undefined ? null : encounterOf(after);
      const key = `Encounter/${encounterId ?? ''}`;
      const isKnown =
        operations.some(({ resource }) => resource === (key as ResourceKey)) ||
        this.standing(key) !== undefined;
      if (encounterId !== null && !isKnown) throw new GroupRefused(opId, 'wrong-patient', 'not known here');
    }
  }

  #patientsNaming(encounterId: string): readonly (string | null)[] {
    return [...this.#state.versions.values()].flatMap((versions) => {
      const standing = versions.at(-1);
      const content = standing === undefined ? null : contentOf(standing);
      return standing !== undefined && content !== null && encounterOf(content) === encounterId
        ? [standing.patientId]
        : [];
    });
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
