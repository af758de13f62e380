import { parseArgs } from 'node:util';
import { checks } from './checks.ts';
import { fhirClient } from './fhir-client.ts';
import { startMemoryServer } from './memory-server.ts';
import { ownToken, startOwnService } from './own-service.ts';
import { runChecks } from './run-checks.ts';

/**
 * `npm run contract -- --base URL [--token TOKEN] [--rounds 200] [--only id,id]`: which checks does this FHIR server
 * fail? `--memory` runs them against fhir-router over its MemoryRepository instead, `--own` against a record service of
 * our own with the sync endpoints off: on PostgreSQL with DATABASE_URL (an empty database), embedded without it. Ends
 * with 1 if any failed.
 */
const { values } = parseArgs({
  options: {
    base: { type: 'string' },
    token: { type: 'string', default: process.env['GLADSTONE_TOKEN'] ?? '' },
    rounds: { type: 'string', default: '5' },
    only: { type: 'string' },
    memory: { type: 'boolean', default: false },
    own: { type: 'boolean', default: false },
  },
});

const started = values.memory
  ? await startMemoryServer()
  : values.own
    ? await startOwnService(process.env['DATABASE_URL'])
    : undefined;
const base = started?.base ?? values.base?.replace(/\/$/, '');
if (base === undefined) {
  console.error(
    'Say which server: npm run contract -- --base http://127.0.0.1:8460/fhir/R4/A99999 --token …',
  );
  process.exit(2);
}
const only = values.only?.split(',');
const chosen = only === undefined ? checks : checks.filter((check) => only.includes(check.id));
const results = await runChecks(fhirClient(base, values.own ? ownToken : values.token), chosen, {
  rounds: Number(values.rounds),
});
for (const { check, fault } of results) {
  console.log(`${fault === undefined ? 'pass' : 'FAIL'}  ${check.id.padEnd(28)} ${check.title}`);
  if (fault !== undefined) console.log(`      ${fault}`);
}
const failed = results.filter((result) => result.fault !== undefined);
console.log(`${results.length - failed.length} of ${results.length} checks passed.`);
await started?.close();
process.exitCode = failed.length === 0 ? 0 : 1;
