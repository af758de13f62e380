/**
 * One connection, for one transaction at a time. Statements run in the order in which they were sent; one may be sent
 * before the answer to the one before it is there, which spares a round trip. After one failed, so do those behind it.
 */
export interface EngineConnection {
  /** A statement whose text is one of a few: it is prepared once a connection and its plan kept. */
  query<Row>(text: string, parameters?: readonly unknown[]): Promise<QueryRows<Row>>;
  /** A statement that was composed for this occasion. */
  queryOnce<Row>(text: string, parameters?: readonly unknown[]): Promise<QueryRows<Row>>;
  /** Several statements without parameters, in one round trip. */
  script(text: string): Promise<void>;
}

export interface QueryRows<Row> {
  readonly rows: Row[];
  readonly affected: number;
}

/**
 * PostgreSQL or PGlite, hidden behind what both can do. `bigint` arrives as a number (positions stay far below
 * 2^53), `timestamptz` as a Date.
 */
export interface Engine {
  readonly kind: 'postgres' | 'pglite';
  /** Whether a commit is on disk when it returns. */
  readonly durable: boolean;
  /** How many connections there are at most. */
  readonly connections: number;
  /** Gives `fn` a connection of its own. A connection on which `fn` failed for a broken link is thrown away. */
  withConnection<T>(fn: (connection: EngineConnection) => Promise<T>): Promise<T>;
  /** What tells this history of the database from a restored copy: system, timeline, database, place. */
  fingerprint(connection: EngineConnection): Promise<string>;
  /** Counts the times that a fresh link to the database was made, so that a restart under us is noticed. */
  readonly links: number;
  close(): Promise<void>;
}

/** The five-character SQLSTATE of a database error, if it is one. */
function sqlState(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** The database says: the same transaction may well succeed when tried again. */
export function isRetryable(error: unknown): boolean {
  const state = sqlState(error);
  return state === '40001' || state === '40P01';
}

const linkErrors = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ENOENT', 'ETIMEDOUT', 'ENOTFOUND']);

/** The link to the database is gone, or the database is going down or coming up. */
export function isUnavailable(error: unknown): boolean {
  const state = sqlState(error);
  if (state !== undefined) {
    return linkErrors.has(state) || state.startsWith('08') || state.startsWith('57P') || state === '53300';
  }
  return (
    error instanceof Error &&
    /connection terminated|timeout exceeded when trying to connect|client has encountered a connection error|client was closed|not queryable/i.test(
      error.message,
    )
  );
}
