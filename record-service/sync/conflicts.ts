import type { Conflict, ConflictList } from '../../contract/record-service.ts';
import { parseExact, stringifyExact } from '../../domain/fhir/exact-json.ts';
import type {
  Operation,
  OperationOutcome,
  ResourceJson,
  StandingAuthor,
} from '../../domain/sync/operation.ts';
import { mayAccessResource } from '../identity/access.ts';
import type { RecordReader, RecordTransaction } from '../store/record-store.ts';
import type { AppliedOperation } from './apply-operation.ts';
import { derivedId } from './derived-id.ts';
import { signedOperationOf } from './ledger.ts';
import { standingAuthorOf } from './standing-author.ts';

/** Keeps each losing operation as a branch under its conflict's id. */
export async function recordConflicts(
  { database, organisation }: RecordTransaction,
  operations: readonly Operation[],
  applied: readonly AppliedOperation[],
  now: Date,
): Promise<void> {
  const rows = operations.flatMap((operation, index) => {
    const one = applied[index];
    if (one?.outcome.outcome !== 'conflict') return [];
    const [type = '', resource_id = ''] = operation.resource.split('/');
    return [
      {
        organisation,
        conflict_id: one.outcome.conflictId,
        op_id: operation.opId,
        patient_id: operation.patientId ?? null,
        type,
        resource_id,
        rule: one.outcome.rule,
        base_version: operation.baseVersion ?? one.branchBase,
        current_version: one.outcome.currentVersion,
        raised_at: now,
        resolved_by: null,
        resolved_at: null,
        resolving_op_id: null,
      },
    ];
  });
  if (rows.length > 0) await database.insertInto('sync_conflict').values(rows).execute();
}

/** Whether the conflict is over this resource and nobody has settled it. */
export async function isOpenConflict(
  { database, organisation }: RecordTransaction,
  conflictId: string,
  resource: string,
): Promise<boolean> {
  const [type = '', id = ''] = resource.split('/');
  const open = await database
    .selectFrom('sync_conflict')
    .select('conflict_id')
    .where('organisation', '=', organisation)
    .where('conflict_id', '=', conflictId)
    .where('type', '=', type)
    .where('resource_id', '=', id)
    .where('resolved_at', 'is', null)
    .executeTakeFirst();
  return open !== undefined;
}

/**
 * Marks a conflict as settled by this operation and answers its tasks as completed. The losing version stays where
 * it is (I3). An operation on another entry settles nothing.
 */
export async function settleConflict(
  transaction: RecordTransaction,
  operation: Operation,
  conflictId: string,
  now: Date,
): Promise<readonly ResourceJson[]> {
  const { database, organisation } = transaction;
  const [type = '', id = ''] = operation.resource.split('/');
  const settled = await database
    .updateTable('sync_conflict')
    .set({ resolved_by: operation.author.userId, resolved_at: now, resolving_op_id: operation.opId })
    .where('organisation', '=', organisation)
    .where('conflict_id', '=', conflictId)
    .where('type', '=', type)
    .where('resource_id', '=', id)
    .where('resolved_at', 'is', null)
    .executeTakeFirst();
  if (settled.numUpdatedRows === 0n) return [];
  const tasks = await transaction.readMany(
    ['author', 'duty'].map((queue) => ({
      type: 'Task',
      id: derivedId('review-task', 'sync-conflict', conflictId, queue),
    })),
  );
  return tasks.flatMap((task) =>
    task.content === null ? [] : [{ ...(parseExact(task.content) as ResourceJson), status: 'completed' }],
  );
}

/** However many wait, an answer has this many with both their versions. */
const MOST_TOLD = 1_000;

/** Open conflicts of one patient, or of all: those that the actor may see, and the ids of every one. */
export async function listConflicts(
  reader: RecordReader,
  patientId: string | undefined,
): Promise<ConflictList> {
  let unsettled = reader.database
    .selectFrom('sync_conflict')
    .select('conflict_id')
    .where('organisation', '=', reader.organisation)
    .where('resolved_at', 'is', null);
  if (patientId !== undefined) unsettled = unsettled.where('patient_id', '=', patientId);
  const open = (await unsettled.execute()).map((row) => row.conflict_id);
  let query = reader.database
    .selectFrom('sync_conflict')
    .innerJoin('sync_ledger', (join) =>
      join
        .onRef('sync_ledger.organisation', '=', 'sync_conflict.organisation')
        .onRef('sync_ledger.op_id', '=', 'sync_conflict.op_id'),
    )
    .selectAll('sync_conflict')
    .select(['sync_ledger.signed_operation', 'sync_ledger.outcome'])
    .where('sync_conflict.organisation', '=', reader.organisation)
    .where('sync_conflict.resolved_at', 'is', null)
    .orderBy('sync_conflict.raised_at')
    .orderBy('sync_conflict.conflict_id')
    .limit(MOST_TOLD);
  if (patientId !== undefined) query = query.where('sync_conflict.patient_id', '=', patientId);
  const rows = await query.execute();
  const current = await reader.readMany(rows.map((row) => ({ type: row.type, id: row.resource_id })));
  const currentByKey = new Map(current.map((version) => [`${version.type}/${version.id}`, version]));

  const authors = new Map<string, StandingAuthor>();
  for (const [key, version] of currentByKey) {
    const author = await standingAuthorOf(reader, version);
    if (author !== null) authors.set(key, author);
  }

  return {
    open,
    conflicts: rows.flatMap((row): Conflict[] => {
      const losing = signedOperationOf(row);
      const { after } = losing.operation;
      if (after !== undefined && !mayAccessResource(reader.actor, after, 'read')) return [];
      const key = `${row.type}/${row.resource_id}`;
      const standing = currentByKey.get(key);
      const author = authors.get(key);
      const { base } = parseExact(row.outcome) as Extract<OperationOutcome, { outcome: 'conflict' }>;
      return [
        {
          conflictId: row.conflict_id,
          patientId: row.patient_id,
          key,
          rule: row.rule,
          raisedAt: row.raised_at.toISOString(),
          losing,
          baseVersion: row.base_version,
          currentVersion: standing === undefined || standing.deleted ? null : standing.version,
          current: standing?.content ?? null,
          ...(base === undefined ? {} : { base: stringifyExact(base) }),
          ...(author === undefined ? {} : { standing: author }),
        },
      ];
    }),
  };
}
