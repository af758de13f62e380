import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { inject } from 'vitest';
import type { Engine } from '../../record-service/store/engine.ts';
import { openPglite } from '../../record-service/store/pglite-engine.ts';
import { openPostgres } from '../../record-service/store/postgres-engine.ts';

/** Both engines, for `describe.each`: what holds on one must hold on the other. */
export const engineNames = ['pglite', 'postgres'] as const;
export type EngineName = (typeof engineNames)[number];

/** An empty database of its own for a test file: PGlite in memory, or one in the run's PostgreSQL. */
export interface TestDatabase {
  /** A further engine on the same database; on PGlite there is only the one. */
  open(): Promise<Engine>;
  /** Absent on PGlite. */
  readonly url?: string;
  drop(): Promise<void>;
}

export async function createTestDatabase(engine: EngineName): Promise<TestDatabase> {
  if (engine === 'pglite') return { open: () => openPglite(), drop: () => Promise.resolve() };
  const name = `test_${randomBytes(6).toString('hex')}`;
  const base = `postgres://gladstone@127.0.0.1:${inject('postgresPort')}`;
  await administer(`${base}/postgres`, `create database ${name}`);
  const url = `${base}/${name}`;
  return {
    url,
    open: () =>
      Promise.resolve(
        openPostgres({
          connectionString: url,
          connections: 20,
          statementTimeout: 30_000,
          onIdleError: () => undefined,
        }),
      ),
    drop: () => administer(`${base}/postgres`, `drop database ${name} with (force)`),
  };
}

async function administer(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
