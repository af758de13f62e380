import { execFile } from 'node:child_process';
import { open, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { systemActor } from '../identity/actor.ts';
import { flush } from './flush.ts';
import type { RecordStore } from '../store/record-store.ts';
import { recordBackup } from '../sync/watermark.ts';

const run = promisify(execFile);

export interface BackUpOptions {
  readonly store: RecordStore;
  readonly databaseUrl: string;
  /** File to write; it must not be there. */
  readonly out: string;
  /** The pg_dump to use: of the server's version or later. */
  readonly pgDump: string;
  readonly now: () => Date;
}

export interface BackedUp {
  readonly organisation: string;
  /** Everything up to this position is in the backup. */
  readonly position: number;
}

/**
 * Dumps the database, flushes the file to disk, and only then tells the devices (`durableThrough`) that they need not
 * keep what is in it. The positions are taken before the dump begins: the dump may hold more, never less.
 */
export async function backUp(options: BackUpOptions): Promise<BackedUp[]> {
  const { store, databaseUrl, out, pgDump, now } = options;
  const backedUp: BackedUp[] = [];
  for (const organisation of await store.organisations()) {
    const position = await store.withSnapshot({ organisation, actor: systemActor(organisation) }, (reader) =>
      reader.head(),
    );
    backedUp.push({ organisation, position });
  }
  const { epoch } = store;
  // Fails if the file is there: an earlier backup is never overwritten.
  await (await open(out, 'wx')).close();
  try {
    await run(pgDump, ['--format=custom', `--file=${out}`, databaseUrl]);
  } catch (error) {
    // Half a dump must not lie there looking like a backup.
    await rm(out, { force: true });
    throw error;
  }
  await flush(out);
  await flush(dirname(out));
  for (const { organisation, position } of backedUp) {
    await store.withTransaction({ organisation, actor: systemActor(organisation) }, (transaction) =>
      recordBackup(transaction, epoch, position, now()),
    );
  }
  return backedUp;
}
