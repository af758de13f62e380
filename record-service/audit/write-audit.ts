import { randomUUID } from 'node:crypto';
import type { Actor } from '../identity/actor.ts';
import type { EngineConnection } from '../store/engine.ts';
import type { AuditEntry } from './audit-entry.ts';

/** An entry with whoever did it: their name and role as they were at that moment. */
export interface AttributedEntry {
  readonly actor: Actor;
  readonly entry: AuditEntry;
}

export async function insertAudit(
  connection: EngineConnection,
  organisation: string,
  entries: readonly AttributedEntry[],
): Promise<void> {
  if (entries.length === 0) return;
  const now = new Date().toISOString();
  const column = <Value>(value: (attributed: AttributedEntry) => Value) => entries.map(value);
  await connection.query(
    `insert into audit_event
       (organisation, id, recorded, user_id, user_name, role, device_id, action, interaction, outcome,
        patient_id, entity, version, detail, on_behalf_user_id, on_behalf_role)
     select $1, * from unnest($2::text[], $3::timestamptz[], $4::text[], $5::text[], $6::text[], $7::text[],
       $8::text[], $9::text[], $10::text[], $11::text[], $12::text[], $13::int[], $14::text[], $15::text[],
       $16::text[])`,
    [
      organisation,
      entries.map(() => randomUUID()),
      column(({ entry }) => entry.recorded ?? now),
      column(({ actor }) => actor.userId),
      column(({ actor }) => actor.name),
      column(({ actor }) => actor.role),
      column(({ actor }) => actor.deviceId ?? null),
      column(({ entry }) => entry.action),
      column(({ entry }) => entry.interaction),
      column(({ entry }) => entry.outcome),
      column(({ entry }) => entry.patientId ?? null),
      column(({ entry }) => entry.entity ?? null),
      column(({ entry }) => entry.version ?? null),
      column(({ entry }) => entry.detail ?? null),
      column(({ entry }) => entry.onBehalfOf?.userId ?? null),
      column(({ entry }) => entry.onBehalfOf?.role ?? null),
    ],
  );
}
