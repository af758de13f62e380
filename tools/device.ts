import { parseArgs } from 'node:util';
import type { EnrolledDevice } from '../contract/record-service.ts';
import { ServiceClient, ServiceFailure } from '../record-service/import/service-client.ts';
import { demoOrganisation } from '../record-service/seed/demo-practice.ts';

const USAGE = `npm run device -- list [--service URL] [--organisation ODS]
npm run device -- revoke ID --reason TEXT [--wipe]

list shows every computer that was enrolled, with its id. revoke closes the record to one of them; with --wipe it is
also told to destroy the keys of its copy, which it does at its next contact, after handing over what it had not sent.
--data-dir DIR is the data folder of the service (GLADSTONE_DATA_DIR, else .gladstone/service).`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    service: { type: 'string', default: 'http://127.0.0.1:8460' },
    organisation: { type: 'string', default: demoOrganisation.odsCode },
    'data-dir': { type: 'string', default: process.env['GLADSTONE_DATA_DIR'] ?? '.gladstone/service' },
    reason: { type: 'string' },
    wipe: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

function line({ deviceId, label, enrolledAt, revokedAt, orders }: EnrolledDevice): string {
  const state = revokedAt === undefined ? 'in use' : `revoked ${revokedAt}`;
  const told = orders.map(
    ({ kind, issuedAt, doneAt }) =>
      `  ${kind} ordered ${issuedAt}: ${doneAt === undefined ? 'not carried out yet (no contact since)' : `carried out ${doneAt}`}`,
  );
  return [`${deviceId}  enrolled ${enrolledAt}  ${state}  ${label}`, ...told].join('\n');
}

async function run(client: ServiceClient): Promise<number> {
  const [command, deviceId] = positionals;
  if (command === 'list') {
    const devices = await client.devices();
    console.log(devices.length === 0 ? 'No computer is enrolled.' : devices.map(line).join('\n'));
    return 0;
  }
  if (command === 'revoke' && deviceId !== undefined && values.reason !== undefined) {
    await client.revokeDevice(deviceId, { wipe: values.wipe, reason: values.reason });
    const device = (await client.devices()).find((one) => one.deviceId === deviceId);
    if (device !== undefined) console.log(line(device));
    return 0;
  }
  console.error(USAGE);
  return 2;
}

if (values.help) {
  console.log(USAGE);
} else {
  try {
    process.exitCode = await run(
      new ServiceClient({
        url: values.service,
        organisation: values.organisation,
        dataFolder: values['data-dir'],
      }),
    );
  } catch (error) {
    if (!(error instanceof ServiceFailure)) throw error;
    console.error(`${error.message} Nothing was changed.`);
    process.exitCode = 1;
  }
}
