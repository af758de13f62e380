import { open, readFile, rename } from 'node:fs/promises';
import * as v from 'valibot';
import type { OpenStore } from './open-store.ts';

const witnessSchema = v.object({ epoch: v.string(), heads: v.record(v.string(), v.number()) });
type Witness = v.InferOutput<typeof witnessSchema>;

/**
 * What the feed had reached, kept in a file outside the database. A cold copy of a PostgreSQL directory has the same
 * fingerprint as what it was copied from; that it is older shows only to somebody who remembers (hazard H-060).
 */
export interface HeadWitness {
  /** Writes down where the feed stands now. */
  keep(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Compares the database with what the file remembers, gives it a new epoch where it is behind, and from then on
 * writes down every `interval` milliseconds where it stands. A file that cannot be read remembers nothing.
 */
export async function startHeadWitness(
  store: OpenStore,
  file: string,
  interval: number,
  onError: (error: unknown) => void,
): Promise<HeadWitness> {
  const remembered = await read(file);
  if (remembered?.epoch === store.epoch && (await isBehind(store, remembered))) {
    await store.beginNewEpoch(remembered.epoch);
  }
  let running: Promise<void> = Promise.resolve();
  const keep = (): Promise<void> => {
    running = running.catch(() => undefined).then(async () => write(file, await standing(store)));
    return running;
  };
  const timer = setInterval(() => {
    keep().catch(onError);
  }, interval);
  timer.unref();
  return {
    keep,
    async stop() {
      clearInterval(timer);
      await keep().catch(onError);
    },
  };
}

async function standing(store: OpenStore): Promise<Witness> {
  const { epoch } = store;
  const heads = Object.fromEntries(
    (await store.state()).map(({ organisation, head }) => [organisation, head]),
  );
  return { epoch, heads };
}

async function isBehind(store: OpenStore, remembered: Witness): Promise<boolean> {
  const { heads } = await standing(store);
  return Object.entries(remembered.heads).some(([organisation, head]) => (heads[organisation] ?? 0) < head);
}

async function read(file: string): Promise<Witness | null> {
  try {
    return v.parse(witnessSchema, JSON.parse(await readFile(file, 'utf8')));
  } catch {
    return null;
  }
}

async function write(file: string, witness: Witness): Promise<void> {
  const next = `${file}.new`;
  const handle = await open(next, 'w', 0o600);
  try {
    await handle.writeFile(JSON.stringify(witness));
    await handle.datasync();
  } finally {
    await handle.close();
  }
  await rename(next, file);
}
