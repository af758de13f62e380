import type { CombinedSafetyFinding, PushAnswer } from '../../contract/record-service.ts';
import type {
  Operation,
  OperationOutcome,
  ResourceJson,
  SignedOperation,
} from '../../domain/sync/operation.ts';
import { activitiesOf } from '../identity/activities.ts';
import type { Actor } from '../identity/actor.ts';
import { StoreError, type RecordStore, type RecordTransaction } from '../store/record-store.ts';
import { applyOperation, type AppliedOperation } from './apply-operation.ts';
import { checkAuthority } from './authority.ts';
import type { Certificates } from './certificates.ts';
import { checkCombinedSafety } from './combined-safety.ts';
import type { CombinedSafetyRules } from './combined-safety-port.ts';
import { isOpenConflict, recordConflicts, settleConflict } from './conflicts.ts';
import { refuseDevice } from './devices.ts';
import type { Failpoint } from './failpoint.ts';
import { GroupRefused } from './group-refused.ts';
import {
  outcomeOf,
  readLedgerState,
  recordInLedger,
  type LedgerEntry,
  type LedgerRow,
  type LedgerState,
} from './ledger.ts';
import { checkPatient, type PatientState } from './patient-check.ts';
import { probableMatchTasks } from './probable-match.ts';
import { readPushRequest } from './push-request.ts';
import { arrivalTask, conflictTasks } from './review-tasks.ts';
import { SyncError } from './service-error.ts';
import { standingAuthorOf } from './standing-author.ts';
import { StandingRecords } from './standing-records.ts';
import { encounterOf } from './subject.ts';

export interface PushService {
  readonly store: RecordStore;
  readonly certificates: Certificates;
  readonly safetyRules: CombinedSafetyRules;
  /** What is wrong with a resource by FHIR R4; empty when nothing is. */
  readonly validate: (resource: ResourceJson) => readonly string[];
  readonly failpoint: Failpoint;
  readonly now: () => Date;
}

/**
 * Takes one save group (sync.md, Push): all of its operations are answered at once, each with an effect that no
 * replay, crash or lost answer can double. Whoever carries it, it is its author's work (I11).
 */
export async function push(
  service: PushService,
  carrier: Actor,
  deviceId: string,
  body: unknown,
): Promise<PushAnswer> {
  const operations = readPushRequest(body, carrier.organisation, deviceId);
  const first = operations[0]?.operation;
  if (first === undefined) throw new Error('a read group is not empty');
  await service.failpoint('push.before-transaction');

  let position: number | undefined;
  const answer = await service.store.withTransaction(
    { organisation: carrier.organisation, actor: authorOf(first, deviceId), groupId: first.groupId },
    async (transaction) => {
      position = undefined;
      transaction.afterCommit((taken) => {
        position = taken;
      });
      return pushWithin(service, transaction, carrier, operations);
    },
  );
  await service.failpoint('push.after-commit');
  return {
    outcomes: answer.outcomes,
    position: position ?? answer.head,
    epoch: service.store.epoch,
    durable: service.store.durable,
    findings: answer.findings,
    softConflicts: answer.softConflicts,
  };
}

interface Answer {
  readonly outcomes: readonly OperationOutcome[];
  /** Where the feed stood: never lower than the position that these operations took. */
  readonly head: number;
  readonly findings: readonly CombinedSafetyFinding[];
  readonly softConflicts: readonly string[];
}

async function pushWithin(
  service: PushService,
  transaction: RecordTransaction,
  carrier: Actor,
  group: readonly SignedOperation[],
): Promise<Answer> {
  const operations = group.map((signed) => signed.operation);
  // Costs the most and needs nothing of the database: done before anybody waits for our locks.
  const problems = problemsOf(service, operations);
  await transaction.lockNames([
    ...operations.map((operation) => `lane ${operation.lane}`),
    ...operations.map((operation) => operation.resource),
    ...operations.flatMap(({ patientId }) => (patientId === undefined ? [] : [`Patient/${patientId}`])),
    // An entry and the Encounter that it names may come at the same moment: one of them sees the other.
    ...operations.flatMap(({ after }) => {
      const encounterId = after === undefined ? null : encounterOf(after);
      return encounterId === null ? [] : [`Encounter/${encounterId}`];
    }),
  ]);
  await service.failpoint('push.after-lock');

  const asked = resourcesToRead(operations);
  const [state, found] = await Promise.all([
    readLedgerState(transaction, operations),
    transaction.readMany(asked),
  ]);
  const only = (outcomes: readonly OperationOutcome[]): Answer => ({
    outcomes,
    head: state.head,
    findings: [],
    softConflicts: [],
  });
  if (operations.some(({ opId }) => state.known.has(opId))) return only(answerAgain(group, state.known));

  refuseDevice(state.device);
  const order = placeInLanes(operations, state);
  if (order !== null) return only(order);

  const records = new StandingRecords(transaction, asked, found);
  const now = service.now();
  try {
    await checkAuthority(transaction, service.certificates, group, now);
    const result = await applyGroup(service, transaction, records, operations, state.known, problems);
    await service.failpoint('push.after-apply');
    await recordInLedger(
      transaction,
      group.map((signed, index) => ledgerEntry(signed, result.applied[index])),
      carrier.userId,
      now,
    );
    await recordConflicts(transaction, operations, result.applied, now);
    auditCarrier(transaction, carrier, operations, 'success');
    await service.failpoint('push.after-ledger');
    return {
      outcomes: result.applied.map((one) => one.outcome),
      head: state.head,
      findings: result.findings,
      softConflicts: operations
        .filter((_operation, index) => result.applied[index]?.softConflict === true)
        .map((operation) => operation.resource),
    };
  } catch (error) {
    const refused = refusalOf(error, operations);
    // After the first write nothing can be refused any more: whatever failed undoes all of it.
    if (refused === null || records.flushed) throw error;
    const outcomes = operations.map((operation) => rejection(operation, refused));
    // What was refused stays retrievable (I3), and its places in the lane are used up: nothing waits behind it.
    await recordInLedger(
      transaction,
      group.map((signed, index) => ({
        signed,
        outcome: outcomes[index] ?? rejection(signed.operation, refused),
        branchBase: null,
      })),
      carrier.userId,
      now,
    );
    auditCarrier(transaction, carrier, operations, 'refused', refused.code);
    return only(outcomes);
  }
}

/** What is wrong with the resources by FHIR R4; the first fault, or null. */
function problemsOf(service: PushService, operations: readonly Operation[]): GroupRefused | null {
  for (const { opId, after } of operations) {
    const [problem] = after === undefined ? [] : service.validate(after);
    if (problem !== undefined) return new GroupRefused(opId, 'invalid-resource', problem);
  }
  return null;
}

interface GroupResult {
  readonly applied: readonly AppliedOperation[];
  readonly findings: readonly CombinedSafetyFinding[];
}

async function applyGroup(
  service: PushService,
  transaction: RecordTransaction,
  records: StandingRecords,
  operations: readonly Operation[],
  previous: ReadonlyMap<string, LedgerRow>,
  problem: GroupRefused | null,
): Promise<GroupResult> {
  const patient = await checkPatient(transaction, records, operations, service.store.epoch);
  if (problem !== null) throw problem;

  const applied: AppliedOperation[] = [];
  for (const operation of operations) {
    applied.push(
      operation.kind === 'skip'
        ? skipped(operation)
        : await applyOperation(
            {
              transaction: records,
              previous,
              mergedInto: patient.mergedInto,
              epoch: service.store.epoch,
              authorOf: (version) => standingAuthorOf(transaction, version),
              isOpenConflict: (conflictId, resource) => isOpenConflict(transaction, conflictId, resource),
            },
            operation,
          ),
    );
  }
  await records.flush();
  await service.failpoint('push.after-first-write');
  await raiseTasks(service, transaction, operations, applied, patient);
  const written = applied.flatMap((one) => one.written);
  const findings = await checkCombinedSafety(
    transaction,
    service.safetyRules,
    operations,
    written,
    service.store.epoch,
    service.now(),
  );
  return { applied, findings };
}

async function raiseTasks(
  service: PushService,
  transaction: RecordTransaction,
  operations: readonly Operation[],
  applied: readonly AppliedOperation[],
  patient: PatientState,
): Promise<void> {
  const now = service.now();
  const tasks: ResourceJson[] = [];
  for (const [index, operation] of operations.entries()) {
    const outcome = applied[index]?.outcome;
    if (outcome?.outcome === 'conflict') {
      tasks.push(...conflictTasks(operation, outcome.conflictId, outcome.rule, outcome.currentVersion, now));
    }
    const [registered] = applied[index]?.written ?? [];
    if (operation.kind === 'create' && registered?.resourceType === 'Patient') {
      tasks.push(...(await probableMatchTasks(transaction, registered, operation, now)));
    }
    if (operation.resolvesConflict !== undefined && outcome !== undefined && 'version' in outcome) {
      tasks.push(...(await settleConflict(transaction, operation, operation.resolvesConflict, now)));
    }
  }
  const [first] = operations;
  if (first?.patientId !== undefined && patient.lateFor !== null) {
    const kind = patient.mergedInto === null ? 'record-closed' : 'patient-merged';
    tasks.push(arrivalTask(kind, patient.lateFor, first.author, first.groupId, first.patientId, now));
  }
  await transaction.writeMany(tasks.map((resource) => ({ resource, expected: 'any' })));
}

/** The stored answers of operations that came before, word for word (sync-bugs L25). */
function answerAgain(
  group: readonly SignedOperation[],
  known: ReadonlyMap<string, LedgerRow>,
): readonly OperationOutcome[] {
  return group.map((signed) => {
    const row = known.get(signed.operation.opId);
    if (row === undefined) {
      throw new SyncError(422, 'group-incomplete', 'A save came again with other parts. Nothing was stored.');
    }
    if (row.hash !== signed.hash) {
      throw new SyncError(422, 'hash-mismatch', 'Other work came under the same name. Nothing was stored.');
    }
    return outcomeOf(row);
  });
}

/** Null when every operation stands at its lane's next places; otherwise the answer (I5, sync-bugs L28). */
function placeInLanes(
  operations: readonly Operation[],
  { lanes, takenPlaces }: LedgerState,
): readonly OperationOutcome[] | null {
  const expected = new Map(lanes);
  let gapIn: string | null = null;
  let forked = false;
  for (const operation of [...operations].sort((left, right) => left.laneSeq - right.laneSeq)) {
    const next = expected.get(operation.lane) ?? 1;
    if (operation.laneSeq > next) gapIn ??= operation.lane;
    if (operation.laneSeq < next) forked = true;
    expected.set(operation.lane, operation.laneSeq + 1);
  }
  if (forked || takenPlaces.length > 0) {
    return operations.map(({ opId }) => ({
      opId,
      outcome: 'rejected',
      code: 'device-forked',
      message:
        'Other work was sent from the same place of this computer: its profile was copied or restored.',
    }));
  }
  if (gapIn === null) return null;
  const heldLane = gapIn;
  return operations.map(({ opId }) => ({ opId, outcome: 'held', expectedLaneSeq: lanes.get(heldLane) ?? 1 }));
}

function refusalOf(error: unknown, operations: readonly Operation[]): GroupRefused | null {
  if (error instanceof GroupRefused) return error;
  const [first] = operations;
  // The store refuses content that no version may have; what it says of the database itself is not the author's.
  if (error instanceof StoreError && error.code === 'invalid' && first !== undefined) {
    return new GroupRefused(first.opId, 'invalid-resource', error.message);
  }
  return null;
}

function rejection(operation: Operation, refused: GroupRefused): OperationOutcome {
  const isCulprit = operation.opId === refused.opId;
  return {
    opId: operation.opId,
    outcome: 'rejected',
    code: refused.code,
    message: isCulprit
      ? refused.message
      : `Saved together with an entry that was refused: ${refused.message}`,
  };
}

function skipped(operation: Operation): AppliedOperation {
  return {
    outcome: { opId: operation.opId, outcome: 'skipped' },
    branchBase: null,
    written: [],
    softConflict: false,
    paths: [],
    before: null,
  };
}

function ledgerEntry(signed: SignedOperation, applied: AppliedOperation | undefined): LedgerEntry {
  if (applied === undefined) throw new Error('every operation has an outcome');
  return { signed, outcome: applied.outcome, branchBase: applied.branchBase };
}

/** What the group touches, and whose it is: the entries, their patient, the consultations that they name. */
function resourcesToRead(operations: readonly Operation[]): { type: string; id: string }[] {
  const keys = operations.flatMap(({ resource, patientId, after }) => {
    const encounterId = after === undefined ? null : encounterOf(after);
    return [
      resource,
      ...(patientId === undefined ? [] : [`Patient/${patientId}`]),
      ...(encounterId === null ? [] : [`Encounter/${encounterId}`]),
    ];
  });
  return [...new Set(keys)].map((key) => {
    const [type = '', id = ''] = key.split('/');
    return { type, id };
  });
}

function auditCarrier(
  transaction: RecordTransaction,
  carrier: Actor,
  operations: readonly Operation[],
  outcome: 'success' | 'refused',
  code?: string,
): void {
  const [first] = operations;
  transaction.audit({
    action: 'execute',
    interaction: 'push',
    outcome,
    ...(first?.patientId === undefined ? {} : { patientId: first.patientId }),
    detail: [
      `carrier=${carrier.userId}`,
      `operations=${operations.length}`,
      ...(code === undefined ? [] : [code]),
    ].join(' '),
  });
}

function authorOf(operation: Operation, deviceId: string): Actor {
  const { author } = operation;
  return {
    userId: author.userId,
    practitionerId: author.practitionerId,
    name: author.name,
    organisation: author.organisation,
    role: author.role,
    activities: activitiesOf(author.role),
    deviceId,
  };
}
