import {
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type CompiledQuery,
  type DatabaseConnection,
  type Driver,
  type QueryResult,
} from 'kysely';
import type { EngineConnection } from './engine.ts';
import type { Tables } from './tables.ts';

/** Kysely over a connection that is already in a transaction. It begins, commits and closes nothing itself. */
export function databaseOver(connection: EngineConnection): Kysely<Tables> {
  return new Kysely<Tables>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => driverOver(connection),
      createIntrospector: (database) => new PostgresIntrospector(database),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
  });
}

function driverOver(connection: EngineConnection): Driver {
  const over: DatabaseConnection = {
    async executeQuery<Row>(compiled: CompiledQuery): Promise<QueryResult<Row>> {
      const { rows, affected } = await connection.queryOnce<Row>(compiled.sql, compiled.parameters);
      return { rows, numAffectedRows: BigInt(affected) };
    },
    streamQuery() {
      throw new Error('Rows are read in pages here, never as a stream.');
    },
  };
  const nested = () =>
    Promise.reject(new Error('Already in a transaction: use savepoint() of the transaction.'));
  return {
    init: () => Promise.resolve(),
    acquireConnection: () => Promise.resolve(over),
    releaseConnection: () => Promise.resolve(),
    beginTransaction: nested,
    commitTransaction: nested,
    rollbackTransaction: nested,
    destroy: () => Promise.resolve(),
  };
}
