import { parseArgs } from 'node:util';
import type { EnrolledDevice } from '../contract/record-service.ts';
import { ServiceClient, ServiceFailure } from '../record-service/import/service-client.ts';
import { demoOrganisation } from '../record-service/seed/demo-practice.ts';

const USAGE = `npm run device -- list [--service URL] [--organisation ODS]
npm run device -- revoke ID --reason TEXT [--wipe [--without-backup]]

list shows every computer that was enrolled, with its id. revoke closes the record to one of them; with --wipe it is
also told to destroy its copy, which it does at its next contact, after handing over what it had not sent. That is not
ordered while the last backup lacks changes: until then the computer's copy may be the only second one. Back up first,
or say --without-backup.
--data-dir DIR is the data folder of the service (GLADSTONE_DATA_DIR, else .gladstone/service).`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    service: { type: 'string', default: 'http://127.0.0.1:8460' },
    organisation: { type: 'string', default: demoOrganisation.odsCode },
    'data-dir': { type: 'string', default: process.env['GLADSTONE_DATA_DIR'] ?? '.gladstone/service' },
    reason: { type: 'string' },
    wipe: { type: 'boolean', default: false },
    'without-backup': { type: 'boolean', default: false },
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

/** Changes that a restore from the last backup would not bring back. */
async function lackingInBackup(client: ServiceClient): Promise<number> {
  const { head, durableThrough } = await client.probe();
  return head - (durableThrough ?? 0);
}

async function run(client: ServiceClient): Promise<number> {
  const [command, deviceId] = positionals;
  if (command === 'list') {
    const devices = await client.devices();
    console.log(devices.length === 0 ? 'No computer is enrolled.' : devices.map(line).join('\n'));
    return 0;
  }
  if (command === 'revoke' && deviceId !== undefined && values.reason !== undefined) {
    const lacking = values.wipe && !values['without-backup'] ? await lackingInBackup(client) : 0;
    await client.revokeDevice(deviceId, { wipe: values.wipe && lacking === 0, reason: values.reason });
    const device = (await client.devices()).find((one) => one.deviceId === deviceId);
    if (device !== undefined) console.log(line(device));
    if (lacking === 0) return 0;
    console.error(
      `The record is closed to it. The wipe was NOT ordered: the last backup lacks ${lacking} of the record's changes. ` +
        'Run npm run backup and then this again, or add --without-backup.',
    );
    return 1;
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
