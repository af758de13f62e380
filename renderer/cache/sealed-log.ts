import { compressText, decompressText, type Seal } from './sealing.ts';
import type { ChunkRow, LogName } from './database.ts';

/**
 * A map that lives in memory and lies on disk as sealed pieces: each change writes one small piece, opening reads
 * them in order. So neither the directory nor the list of packs is ever written whole for one patient's sake,
 * and no id stands in clear on disk.
 */
export interface LogChange<Value> {
  /** Forget everything before this piece. */
  readonly clear?: true;
  readonly put?: readonly (readonly [string, Value])[];
  readonly remove?: readonly string[];
}

const COMPACT_ABOVE = 96;
const ENTRIES_A_PIECE = 500;

/** Readies one piece for a transaction: WebCrypto inside an IndexedDB transaction would end it. */
async function sealPiece<Value>(
  seal: Seal,
  log: LogName,
  sequence: number,
  change: LogChange<Value>,
): Promise<ChunkRow> {
  const bytes = await compressText(JSON.stringify(change));
  return { log, sequence, sealed: await seal.seal(bytes, placeOf(log, sequence)) };
}

export class SealedLog<Value> {
  readonly name: LogName;
  readonly entries = new Map<string, Value>();
  #next = 1;
  #pieces = 0;

  constructor(name: LogName) {
    this.name = name;
  }

  /** @throws SealError where a piece does not open, SyntaxError where it is no JSON */
  async load(seal: Seal, rows: readonly ChunkRow[]): Promise<void> {
    this.entries.clear();
    this.#next = 1;
    this.#pieces = rows.length;
    const opened = await Promise.all(
      rows.map(async (row) => {
        const bytes = await seal.open(row.sealed, placeOf(this.name, row.sequence));
        return JSON.parse(await decompressText(bytes)) as LogChange<Value>;
      }),
    );
    for (const change of opened) this.#lay(change);
    this.#next = (rows.at(-1)?.sequence ?? 0) + 1;
  }

  /** The rows that a change adds. Call {@link commit} when the transaction that put them is over. */
  async stage(seal: Seal, change: LogChange<Value>): Promise<readonly ChunkRow[]> {
    const put = change.put ?? [];
    const pieces: LogChange<Value>[] = [
      {
        ...(change.clear && { clear: true }),
        ...(change.remove !== undefined && change.remove.length > 0 && { remove: change.remove }),
      },
    ];
    for (let from = 0; from < put.length; from += ENTRIES_A_PIECE) {
      pieces.push({ put: put.slice(from, from + ENTRIES_A_PIECE) });
    }
    const said = pieces.filter((piece) => Object.keys(piece).length > 0);
    return Promise.all(said.map((piece, index) => sealPiece(seal, this.name, this.#next + index, piece)));
  }

  commit(change: LogChange<Value>, rows: readonly ChunkRow[]): void {
    this.#lay(change);
    this.#next += rows.length;
    this.#pieces += rows.length;
  }

  get wantsCompacting(): boolean {
    return this.#pieces > COMPACT_ABOVE + this.entries.size / ENTRIES_A_PIECE;
  }

  /** The whole map as fresh pieces; every piece below the first of them may be deleted in the same transaction. */
  async stageWhole(seal: Seal): Promise<{ readonly rows: readonly ChunkRow[]; readonly below: number }> {
    const below = this.#next;
    const rows = await this.stage(seal, { clear: true, put: [...this.entries] });
    return { rows, below };
  }

  commitWhole(rows: readonly ChunkRow[]): void {
    this.#next += rows.length;
    this.#pieces = rows.length;
  }

  #lay(change: LogChange<Value>): void {
    if (change.clear) this.entries.clear();
    for (const id of change.remove ?? []) this.entries.delete(id);
    for (const [id, value] of change.put ?? []) this.entries.set(id, value);
  }
}

function placeOf(log: LogName, sequence: number): string {
  return `chunks|${log}|${sequence}`;
}
