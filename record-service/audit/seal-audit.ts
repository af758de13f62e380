import { createHash } from 'node:crypto';
import { sealerRole } from '../migrations/migration.ts';
import type { EngineConnection } from '../store/engine.ts';
import type { OpenStore } from '../store/open-store.ts';

const BATCH = 1000;
const SEAL_LOCK = 8_460_002;

interface AuditRow {
  readonly id: string;
  readonly recorded: Date;
  readonly sequence: number | null;
  readonly [column: string]: unknown;
}

interface SealRow {
  readonly number: number;
  readonly first_sequence: number;
  readonly last_sequence: number;
  readonly previous_hash: string;
  readonly hash: string;
}

const columns = `id, recorded, sequence, user_id, user_name, role, device_id, action, interaction, outcome,
  patient_id, entity, version, detail, on_behalf_user_id, on_behalf_role`;

/**
 * Gives audit rows that are committed and not sealed yet their sequence numbers, and closes them into the
 * organisation's hash chain: each seal's hash covers the seal before it. One short transaction a batch; never on the
 * way of a request. Copies of the service take turns.
 * @returns how many rows were sealed
 */
export async function sealAudit(store: OpenStore, organisation: string): Promise<number> {
  return store.withRole(sealerRole, organisation, async (connection) => {
    const { rows: turns } = await connection.query<{ mine: boolean }>(
      'select pg_try_advisory_xact_lock($1, hashtext($2)) as mine',
      [SEAL_LOCK, organisation],
    );
    if (turns[0]?.mine !== true) return 0;
    const { rows } = await connection.query<AuditRow>(
      `select ${columns} from audit_event where organisation = $1 and sequence is null
       order by recorded, id limit ${BATCH}`,
      [organisation],
    );
    if (rows.length === 0) return 0;
    const last = await lastSeal(connection, organisation);
    const first = (last?.last_sequence ?? 0) + 1;
    const numbered = rows.map((row, index) => ({ ...row, sequence: first + index }));
    await connection.query(
      `update audit_event set sequence = numbered.sequence
       from unnest($2::text[], $3::bigint[]) as numbered (id, sequence)
       where audit_event.organisation = $1 and audit_event.id = numbered.id`,
      [organisation, numbered.map((row) => row.id), numbered.map((row) => row.sequence)],
    );
    const previous = last?.hash ?? '';
    await connection.query(
      `insert into audit_seal
         (organisation, number, first_sequence, last_sequence, previous_hash, hash, sealed_at)
       values ($1, $2, $3, $4, $5, $6, clock_timestamp())`,
      [
        organisation,
        (last?.number ?? 0) + 1,
        first,
        first + rows.length - 1,
        previous,
        hashOf(previous, numbered),
      ],
    );
    return rows.length;
  });
}

export type ChainVerdict =
  | { readonly whole: true; readonly seals: number; readonly rows: number }
  | { readonly whole: false; readonly seal: number; readonly why: string };

/** Computes the chain anew from its rows. Says the first seal that does not fit. */
export async function verifyAuditChain(store: OpenStore, organisation: string): Promise<ChainVerdict> {
  return store.withRole(sealerRole, organisation, async (connection) => {
    const { rows: seals } = await connection.query<SealRow>(
      `select number, first_sequence, last_sequence, previous_hash, hash from audit_seal
       where organisation = $1 order by number`,
      [organisation],
    );
    let previous = '';
    let next = 1;
    for (const [index, seal] of seals.entries()) {
      const broken = (why: string): ChainVerdict => ({ whole: false, seal: index + 1, why });
      if (seal.number !== index + 1 || seal.first_sequence !== next) return broken('A seal is missing.');
      if (seal.previous_hash !== previous) return broken('It does not follow the seal before it.');
      const { rows } = await connection.query<AuditRow>(
        `select ${columns} from audit_event
         where organisation = $1 and sequence between $2 and $3 order by sequence`,
        [organisation, seal.first_sequence, seal.last_sequence],
      );
      if (rows.length !== seal.last_sequence - seal.first_sequence + 1) return broken('Rows are missing.');
      if (hashOf(previous, rows) !== seal.hash) return broken('Rows were changed.');
      previous = seal.hash;
      next = seal.last_sequence + 1;
    }
    return { whole: true, seals: seals.length, rows: next - 1 };
  });
}

async function lastSeal(connection: EngineConnection, organisation: string): Promise<SealRow | undefined> {
  const { rows } = await connection.query<SealRow>(
    `select number, first_sequence, last_sequence, previous_hash, hash from audit_seal
     where organisation = $1 order by number desc limit 1`,
    [organisation],
  );
  return rows[0];
}

function hashOf(previous: string, rows: readonly AuditRow[]): string {
  const hash = createHash('sha256').update(previous);
  for (const row of rows) {
    const values = Object.keys(row)
      .sort()
      .map((column) => {
        const value = row[column];
        return value instanceof Date ? value.toISOString() : value;
      });
    hash.update('\n').update(JSON.stringify(values));
  }
  return hash.digest('hex');
}
