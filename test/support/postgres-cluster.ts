import type { TestProject } from 'vitest/node';
import { startPostgres, type PostgresCluster } from './postgres.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Of the one PostgreSQL that all test files of a run share. */
    postgresPort: number;
  }
}

let cluster: PostgresCluster | undefined;

/** Starts one PostgreSQL for the whole run; each test file makes a database of its own in it. */
export async function setup(project: TestProject): Promise<void> {
  cluster = await startPostgres();
  project.provide('postgresPort', cluster.port);
}

export async function teardown(): Promise<void> {
  await cluster?.stop();
}
