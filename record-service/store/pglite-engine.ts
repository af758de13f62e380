import { mkdirSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { lockDirectory } from './directory-lock.ts';
import type { Engine, EngineConnection, QueryRows } from './engine.ts';

/**
 * PostgreSQL inside this process, for demonstration and development: one connection, one process a directory, and
 * no fsync (a commit survives the end of the process, not the loss of power).
 * @param directory where it lives on disk; in memory when absent (tests)
 */
export async function openPglite(directory?: string): Promise<Engine> {
  if (directory !== undefined) mkdirSync(directory, { recursive: true });
  const unlock = directory === undefined ? () => undefined : lockDirectory(directory);
  try {
    const data = directory === undefined ? undefined : resolve(directory, 'data');
    const pglite = await PGlite.create(data === undefined ? {} : { dataDir: data });
    return engineOver(pglite, data, unlock);
  } catch (error) {
    unlock();
    throw error;
  }
}

function engineOver(pglite: PGlite, data: string | undefined, unlock: () => void): Engine {
  let sent: Promise<unknown> = Promise.resolve();
  const inOrder = <T>(work: () => Promise<T>): Promise<T> => {
    const done = sent.then(work);
    sent = done.catch(() => undefined);
    return done;
  };
  const query = async <Row>(text: string, parameters: readonly unknown[] = []): Promise<QueryRows<Row>> => {
    const result = await inOrder(() => pglite.query<Row>(text, [...parameters]));
    return { rows: result.rows, affected: result.affectedRows ?? 0 };
  };
  const connection: EngineConnection = {
    query,
    queryOnce: query,
    async script(text) {
      await inOrder(() => pglite.exec(text));
    },
  };
  let last: Promise<unknown> = Promise.resolve();

  return {
    kind: 'pglite',
    durable: false,
    connections: 1,
    links: 1,
    withConnection(fn) {
      const turn = last.then(() => fn(connection));
      last = turn.catch(() => undefined);
      return turn;
    },
    fingerprint() {
      if (data === undefined) return Promise.resolve('memory');
      // A copied or restored directory is another file to the file system.
      const { dev, ino } = statSync(resolve(data, 'PG_VERSION'));
      return Promise.resolve(`${dev}/${ino}`);
    },
    async close() {
      await last;
      await pglite.close();
      unlock();
    },
  };
}
