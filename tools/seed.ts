import { parseArgs } from 'node:util';
import { formatCivilDate } from '../domain/fhir/civil-date.ts';
import { localTimeOf } from '../domain/fhir/local-time.ts';
import { ServiceClient, ServiceFailure } from '../record-service/import/service-client.ts';
import { demoOrganisation } from '../record-service/seed/demo-practice.ts';
import { generatePractice } from '../record-service/seed/practice.ts';

const { values } = parseArgs({
  options: {
    patients: { type: 'string', default: '2000' },
    days: { type: 'string', default: '7' },
    seed: { type: 'string', default: '1' },
    today: { type: 'string' },
    service: { type: 'string', default: 'http://127.0.0.1:8460' },
    'data-dir': { type: 'string', default: process.env['GLADSTONE_DATA_DIR'] ?? '.gladstone/service' },
  },
});

const now = localTimeOf(Date.now());
const options = {
  patients: Number(values.patients),
  days: Number(values.days),
  seed: Number(values.seed),
  today: values.today ?? formatCivilDate(now.date),
  nowMinutes: now.hour * 60 + now.minute,
};

function* everything(): Generator {
  for (const record of generatePractice(options)) yield* record;
}

if (![options.patients, options.days, options.seed].every((value) => Number.isInteger(value) && value >= 0)) {
  console.error(
    'npm run seed -- --patients N --days D [--seed N] [--today YYYY-MM-DD] [--service URL] [--data-dir DIR]',
  );
  process.exitCode = 2;
} else {
  const client = new ServiceClient({
    url: values.service.replace(/\/$/, ''),
    organisation: demoOrganisation.odsCode,
    dataFolder: values['data-dir'],
  });
  try {
    const started = performance.now();
    const result = await client.load(everything(), (loaded) => {
      if (process.stdout.isTTY) process.stdout.write(`\r${loaded} resources`);
    });
    const seconds = (performance.now() - started) / 1000;
    console.log(
      `\r${options.patients} patients: ${result.created} resources new, ${result.updated} changed, ${result.unchanged} unchanged in ${seconds.toFixed(1)} s`,
    );
    const kept = result.changedHere.length + result.deletedHere.length;
    if (kept > 0) console.log(`${kept} were changed or deleted here meanwhile and stay as they are.`);
  } catch (error) {
    if (!(error instanceof ServiceFailure)) throw error;
    console.error([error.message, ...error.faults].join('\n'));
    process.exitCode = 1;
  }
}
