import { randomUUID } from 'node:crypto';
import type { Actor } from '../identity/actor.ts';
import type { EngineConnection } from './engine.ts';
import type { ResourceRef, StoredVersion } from './record-store.ts';
import { versionColumns, versionOf, type VersionRow } from './version-rows.ts';

/** One read, by an actor who may see whatever is there. */
export interface AuditedRead {
  readonly actor: Actor;
  readonly ref: ResourceRef;
}

/**
 * Reads resources and audits each read of one that is live, in one statement: there is nothing to decide between the
 * two, so there is no round trip between them.
 */
export async function readAndAudit(
  connection: EngineConnection,
  organisation: string,
  reads: readonly AuditedRead[],
): Promise<StoredVersion[]> {
  const { rows } = await connection.query<VersionRow>(
    `with found as (
       select wanted.audit_id, wanted.user_id, wanted.user_name, wanted.role, wanted.device_id, standing.*
       from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[])
         as wanted (type, id, audit_id, user_id, user_name, role, device_id)
       cross join lateral (
         select ${versionColumns} from resource
         where organisation = $1 and type = wanted.type and id = wanted.id limit 1) as standing
     ), audited as (
       insert into audit_event (organisation, id, recorded, user_id, user_name, role, device_id, action,
                                interaction, outcome, patient_id, entity, version)
       select $1, audit_id, $9::timestamptz, user_id, user_name, role, device_id, 'read', 'read', 'success',
              patient_id, type || '/' || id, version
       from found where not deleted
     )
     select ${versionColumns} from found`,
    [
      organisation,
      reads.map(({ ref }) => ref.type),
      reads.map(({ ref }) => ref.id),
      reads.map(() => randomUUID()),
      reads.map(({ actor }) => actor.userId),
      reads.map(({ actor }) => actor.name),
      reads.map(({ actor }) => actor.role),
      reads.map(({ actor }) => actor.deviceId ?? null),
      new Date().toISOString(),
    ],
  );
  return rows.map(versionOf);
}
