import { randomBytes, randomUUID } from 'node:crypto';
import type { Engine, EngineConnection } from './engine.ts';

export interface SystemIdentity {
  /** Names this history of the database. Cursors of another epoch are refused. */
  readonly epoch: string;
  /** How often a restore was noticed. */
  readonly restores: number;
  readonly pageSecret: Buffer;
}

/**
 * Compares the database's fingerprint with the one it last ran under. Another one means that this is a restored or
 * copied database, which may lack commits that clients have seen: it gets a new epoch.
 * Idempotent, and safe for copies that start together.
 */
export async function establishEpoch(engine: Engine, connection: EngineConnection): Promise<SystemIdentity> {
  const fingerprint = await engine.fingerprint(connection);
  await connection.script('begin');
  try {
    await connection.query(
      `insert into system (epoch, restores, fingerprint, page_secret) values ($1, 0, $2, $3)
       on conflict (singleton) do nothing`,
      [randomUUID(), fingerprint, randomBytes(32).toString('base64')],
    );
    await connection.query(
      `update system set epoch = $1, restores = restores + 1, fingerprint = $2 where fingerprint <> $2`,
      [randomUUID(), fingerprint],
    );
    const { rows } = await connection.query<{ epoch: string; restores: number; page_secret: string }>(
      'select epoch, restores, page_secret from system',
    );
    await connection.script('commit');
    const row = rows[0];
    if (row === undefined) throw new Error('The system row is missing.');
    return { epoch: row.epoch, restores: row.restores, pageSecret: Buffer.from(row.page_secret, 'base64') };
  } catch (error) {
    await connection.script('rollback').catch(() => undefined);
    throw error;
  }
}

/** Another epoch in the place of this one; nothing where it was replaced already. */
export async function replaceEpoch(connection: EngineConnection, epoch: string): Promise<void> {
  await connection.query('update system set epoch = $1, restores = restores + 1 where epoch = $2', [
    randomUUID(),
    epoch,
  ]);
}
