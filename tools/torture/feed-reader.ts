import { Client } from 'pg';
import type { OpenStore } from '../../record-service/store/open-store.ts';
import { systemActor } from '../../record-service/identity/actor.ts';
import { TORTURE_ORGANISATION } from './feed-writer.ts';

/** Follows a feed by a cursor while others write, and notes everything that it is shown. */
export interface FeedReader {
  /** `Type/id|version` in the order seen. */
  readonly seen: readonly string[];
  /** Position of each, where the feed has positions. */
  readonly positions: ReadonlyMap<string, number>;
  /** How many pages were cut inside a position. */
  readonly split: number;
  /** Reads until nothing more comes, then ends. */
  finish(): Promise<void>;
}

const PAGE = 97;

/** The service's own feed: cursor is the organisation's position. */
export function followPositions(store: OpenStore): FeedReader {
  const context = { organisation: TORTURE_ORGANISATION, actor: systemActor(TORTURE_ORGANISATION) };
  const seen: string[] = [];
  const positions = new Map<string, number>();
  let cursor = 0;
  let split = 0;
  const run = follow(async () => {
    const page = await store.withSnapshot(context, (reader) => reader.readFeed(cursor, PAGE));
    for (const entry of page.entries) {
      // A page that begins inside a position shows a save group in two halves.
      if (entry.position <= cursor) split += 1;
      const key = `${entry.type}/${entry.id}|${entry.version}`;
      seen.push(key);
      positions.set(key, entry.position);
    }
    cursor = page.next;
    return page.entries.length;
  });
  return {
    seen,
    positions,
    get split() {
      return split;
    },
    finish: run.finish,
  };
}

/**
 * What many services do: a row for each change, numbered by a plain sequence, and a cursor on that number. Made by a
 * trigger beside the real feed, so that both see the same writes.
 */
export async function installSequenceFeed(url: string): Promise<void> {
  await administer(
    url,
    `create table sequence_feed (id bigserial primary key, key text not null);
     create function note_change() returns trigger language plpgsql security definer as $$
     begin
       insert into sequence_feed (key) values (new.type || '/' || new.id || '|' || new.version);
       return null;
     end $$;
     create trigger note_change after insert or update on resource for each row execute function note_change();`,
  );
}

export function followSequence(url: string): FeedReader {
  const seen: string[] = [];
  let cursor = 0;
  const run = follow(async () => {
    const client = new Client({ connectionString: url });
    client.on('error', () => undefined);
    await client.connect();
    try {
      const { rows } = await client.query<{ id: string; key: string }>(
        'select id, key from sequence_feed where id > $1 order by id limit 500',
        [cursor],
      );
      for (const row of rows) {
        seen.push(row.key);
        cursor = Number(row.id);
      }
      return rows.length;
    } finally {
      await client.end().catch(() => undefined);
    }
  });
  return { seen, positions: new Map(), split: 0, finish: run.finish };
}

export async function administer(url: string, statements: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const result = (await client.query(statements)) as unknown as { rows?: Record<string, unknown>[] };
    return result.rows ?? [];
  } finally {
    await client.end();
  }
}

function follow(readPage: () => Promise<number>): { finish: () => Promise<void> } {
  const state = { finishing: false };
  const loop = (async () => {
    for (;;) {
      const wasFinishing = state.finishing;
      let count: number | undefined;
      try {
        count = await readPage();
      } catch {
        // The database is being killed about now: the cursor stays, the page comes again.
      }
      if (count === 0 && wasFinishing) return;
      if (count === 0 || count === undefined) await new Promise((resolve) => setTimeout(resolve, 10));
    }
  })();
  return {
    finish() {
      state.finishing = true;
      return loop;
    },
  };
}
