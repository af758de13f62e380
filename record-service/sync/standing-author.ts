import type { StandingAuthor } from '../../domain/sync/operation.ts';
import type { RecordReader, StoredVersion } from '../store/record-store.ts';
import { signedOperationOf } from './ledger.ts';

/**
 * Who wrote a version that stands: from the ledger where it came by sync, with the author's own time; from the audit
 * where it came by REST. Null where neither tells (an import): then nobody is named.
 */
export async function standingAuthorOf(
  { database, organisation }: Pick<RecordReader, 'database' | 'organisation'>,
  version: Pick<StoredVersion, 'type' | 'id' | 'version' | 'patientId' | 'author' | 'lastUpdated'>,
): Promise<StandingAuthor | null> {
  const { type, id } = version;
  const row = await database
    .selectFrom('sync_ledger')
    .select('signed_operation')
    .where('organisation', '=', organisation)
    .where('type', '=', type)
    .where('resource_id', '=', id)
    .where('result_version', '=', version.version)
    .where('user_id', '=', version.author)
    .orderBy('received_at')
    .limit(1)
    .executeTakeFirst();
  if (row !== undefined) {
    const { author, recordedAt } = signedOperationOf(row).operation;
    return {
      name: author.name,
      role: author.role,
      organisation: author.organisation,
      recordedAt: recordedAt.wallClock,
    };
  }
  const audited = await database
    .selectFrom('audit_event')
    .select(['user_name', 'role'])
    .where('organisation', '=', organisation)
    .where('patient_id', version.patientId === null ? 'is' : '=', version.patientId)
    .where('entity', '=', `${type}/${id}`)
    .where('version', '=', version.version)
    .where('user_id', '=', version.author)
    .where('action', 'in', ['create', 'update', 'delete'])
    .limit(1)
    .executeTakeFirst();
  return audited === undefined
    ? null
    : { name: audited.user_name, role: audited.role, organisation, recordedAt: version.lastUpdated };
}
