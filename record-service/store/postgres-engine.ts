import type { Writable } from 'node:stream';
import { Pool, TypeOverrides, types, type PoolClient, type QueryResult } from 'pg';
import { isUnavailable, type Engine, type EngineConnection, type QueryRows } from './engine.ts';

export interface PostgresOptions {
  readonly connectionString: string;
  /** Connections of this copy of the service. */
  readonly connections: number;
  /** Milliseconds after which the database ends a statement. */
  readonly statementTimeout: number;
  /** Told of errors on idle connections; the pool replaces them by itself. */
  readonly onIdleError: (error: Error) => void;
}

export function openPostgres(options: PostgresOptions): Engine {
  let links = 0;
  const typeOverrides = new TypeOverrides();
  typeOverrides.setTypeParser(types.builtins.INT8, Number);
  const pool = new Pool({
    connectionString: options.connectionString,
    max: options.connections,
    connectionTimeoutMillis: 10_000,
    idleTimeoutMillis: 60_000,
    statement_timeout: options.statementTimeout,
    idle_in_transaction_session_timeout: 60_000,
    application_name: 'gladstone-record-service',
    types: typeOverrides,
    // What is sent without waiting goes out without waiting: see EngineConnection.
    pipeline: true,
  });
  pool.on('error', options.onIdleError);
  pool.on('connect', (client) => {
    links += 1;
    // A link that breaks while checked out emits here as well as failing the query: the query's error is the one told.
    client.on('error', () => undefined);
  });

  return {
    kind: 'postgres',
    durable: true,
    connections: options.connections,
    get links() {
      return links;
    },
    async withConnection(fn) {
      const client = await pool.connect();
      let broken = false;
      try {
        return await fn(connectionOf(client));
      } catch (error) {
        broken = isUnavailable(error);
        throw error;
      } finally {
        client.release(broken);
      }
    },
    async fingerprint(connection) {
      const { rows } = await connection.query<{ fingerprint: string }>(
        `select system.system_identifier || '/' || checkpoint.timeline_id || '/' ||
                (select oid from pg_database where datname = current_database()) as fingerprint
         from pg_control_system() system, pg_control_checkpoint() checkpoint`,
      );
      return rows[0]?.fingerprint ?? '';
    },
    async close() {
      await pool.end();
    },
  };
}

/** Names of prepared statements, by text. The service has a few dozen. */
const statementNames = new Map<string, string>();

function nameOf(text: string): string {
  let name = statementNames.get(text);
  if (name === undefined) {
    name = `record_${statementNames.size}`;
    statementNames.set(text, name);
  }
  return name;
}

function connectionOf(client: PoolClient): EngineConnection {
  const rowsOf = <Row>(result: QueryResult): QueryRows<Row> => ({
    rows: result.rows as Row[],
    affected: result.rowCount ?? 0,
  });
  const together = oneWriteATurn(client);
  return {
    async query<Row>(text: string, parameters: readonly unknown[] = []): Promise<QueryRows<Row>> {
      together();
      return rowsOf<Row>(await client.query({ name: nameOf(text), text, values: [...parameters] }));
    },
    async queryOnce<Row>(text: string, parameters: readonly unknown[] = []): Promise<QueryRows<Row>> {
      together();
      return rowsOf<Row>(await client.query(text, [...parameters]));
    },
    async script(text) {
      together();
      await client.query(text);
    },
  };
}

/**
 * Statements sent in one turn of the event loop leave in one write: writing to the socket was three fifths of this
 * process's time under load. Without a stream to cork they leave one by one.
 */
function oneWriteATurn(client: PoolClient): () => void {
  const { stream } = (client as unknown as { readonly connection?: { readonly stream?: Writable } })
    .connection ?? { stream: undefined };
  let corked = false;
  return () => {
    if (corked || stream === undefined) return;
    corked = true;
    stream.cork();
    process.nextTick(() => {
      corked = false;
      stream.uncork();
    });
  };
}
