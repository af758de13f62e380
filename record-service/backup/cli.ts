import { parseArgs } from 'node:util';
import { openStore } from '../store/open-store.ts';
import { openPostgres } from '../store/postgres-engine.ts';
import { backUp } from './back-up.ts';

/** `npm run backup -- --out FILE [--pg-dump PATH]` with DATABASE_URL. The service goes on meanwhile. */
const { values } = parseArgs({
  options: { out: { type: 'string' }, 'pg-dump': { type: 'string', default: 'pg_dump' } },
});
const databaseUrl = process.env['DATABASE_URL'];
if (databaseUrl === undefined || values.out === undefined) {
  console.error('Set DATABASE_URL and say where to: npm run backup -- --out FILE. Nothing was done.');
  process.exit(2);
}
const store = await openStore(
  openPostgres({
    connectionString: databaseUrl,
    connections: 2,
    statementTimeout: 60_000,
    onIdleError: () => undefined,
  }),
);
try {
  const backedUp = await backUp({
    store,
    databaseUrl,
    out: values.out,
    pgDump: values['pg-dump'],
    now: () => new Date(),
  });
  console.log(`Backed up to ${values.out}.`);
  for (const { organisation, position } of backedUp) {
    console.log(`  ${organisation}: everything up to position ${position}`);
  }
} catch (error) {
  console.error(
    `The backup failed; earlier backups are untouched. ${error instanceof Error ? error.message : ''}`,
  );
  process.exitCode = 1;
} finally {
  await store.close();
}
