import { Dexie } from 'dexie';
import { CacheDatabase } from './database.ts';

/**
 * A bag's database has generations: `{name}.1`, `{name}.2` … The highest is in use. A damaged one is set aside by
 * beginning the next; it goes only when its successor was filled, and never in silence.
 */
export async function generationsOf(name: string): Promise<readonly number[]> {
  const names = await Dexie.getDatabaseNames();
  return names
    .filter((one) => one.startsWith(`${name}.`))
    .map((one) => Number(one.slice(name.length + 1)))
    .filter((generation) => Number.isInteger(generation) && generation > 0)
    .sort((left, right) => left - right);
}

export function databaseName(name: string, generation: number): string {
  return `${name}.${generation}`;
}

export type OpenedDatabase =
  | { readonly ok: true; readonly database: CacheDatabase; readonly generation: number }
  | { readonly ok: false; readonly reason: string };

const WAITS_MS = [0, 100, 400, 1_600];

/**
 * Opens the newest generation, trying again with growing waits: the engine's transient errors ("internal error",
 * "backing store", a connection that the last worker still held) pass (sync-bugs S3, S10).
 * @param wait how to wait, in milliseconds
 */
export async function openNewest(
  name: string,
  wait: (milliseconds: number) => Promise<void>,
): Promise<OpenedDatabase> {
  let reason = 'The store did not open.';
  for (const milliseconds of WAITS_MS) {
    if (milliseconds > 0) await wait(milliseconds);
    try {
      const generation = (await generationsOf(name)).at(-1) ?? 1;
      const database = new CacheDatabase(databaseName(name, generation));
      await openOrClose(database);
      return { ok: true, database, generation };
    } catch (error) {
      reason = error instanceof Error ? error.name : 'unknown';
    }
  }
  return { ok: false, reason };
}

/** Begins the next generation, beside whatever is there. */
export async function openNext(
  name: string,
): Promise<{ readonly database: CacheDatabase; readonly generation: number }> {
  const generation = ((await generationsOf(name)).at(-1) ?? 0) + 1;
  const database = new CacheDatabase(databaseName(name, generation));
  await openOrClose(database);
  return { database, generation };
}

async function openOrClose(database: CacheDatabase): Promise<void> {
  try {
    await database.open();
  } catch (error) {
    database.close();
    throw error;
  }
}
