import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { openStore } from '../store/open-store.ts';
import { openPostgres } from '../store/postgres-engine.ts';
import { backUp } from './back-up.ts';
import { copyEscrowKeys, type EscrowKeyCopy } from './copy-escrow-keys.ts';

const USAGE = `DATABASE_URL=postgres://… npm run backup -- --out FILE --escrow-keys FOLDER [--pg-dump PATH] [--data-dir DIR]

FILE is the dump of the database; the service goes on meanwhile. FOLDER takes the private keys of the escrow, which are
not in the database and without which a lost laptop's sealed work and forgotten passphrases open for nobody. Keep it
apart from FILE: whoever has both reads what is sealed. --data-dir DIR is the data folder of the service
(GLADSTONE_DATA_DIR, else .gladstone/service).`;

const { values } = parseArgs({
  options: {
    out: { type: 'string' },
    'escrow-keys': { type: 'string' },
    'pg-dump': { type: 'string', default: 'pg_dump' },
    'data-dir': { type: 'string', default: process.env['GLADSTONE_DATA_DIR'] ?? '.gladstone/service' },
  },
});
const databaseUrl = process.env['DATABASE_URL'];
const keysOut = values['escrow-keys'];
if (databaseUrl === undefined || values.out === undefined) {
  console.error(`${USAGE}\n\nNothing was done.`);
  process.exit(2);
}
if (keysOut !== undefined && resolve(keysOut) === dirname(resolve(values.out))) {
  console.error('The escrow keys must not lie beside the dump: name another folder. Nothing was done.');
  process.exit(2);
}

const words: Readonly<Record<EscrowKeyCopy['state'], string>> = {
  copied: 'copied',
  'copied-before': 'was copied before',
  missing: 'MISSING here: devices wrap to a key whose private half this service does not hold',
  other: 'NOT COPIED: the file here holds another key than the one devices wrap to',
};
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
  if (keysOut === undefined) {
    console.log(
      "The escrow's private keys are not in it. Copy them too: --escrow-keys FOLDER, apart from the dump.",
    );
  } else {
    const folder = join(values['data-dir'], 'escrow');
    for (const { organisation, keyId, state } of await copyEscrowKeys({ store, folder, out: keysOut })) {
      console.log(`  ${organisation}: escrow key ${keyId} ${words[state]}`);
      if (state === 'missing' || state === 'other') process.exitCode = 1;
    }
  }
} catch (error) {
  console.error(
    `The backup failed; earlier backups are untouched. ${error instanceof Error ? error.message : ''}`,
  );
  process.exitCode = 1;
} finally {
  await store.close();
}
