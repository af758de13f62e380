import { createReadStream } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { parseExact } from '../domain/fhir/exact-json.ts';
import type { ResourceJson } from '../domain/sync/operation.ts';
import { readExport } from '../record-service/export/read-export.ts';
import { convertBundle } from '../record-service/import/convert-bundle.ts';
import { sourceSystemOf } from '../record-service/import/source-system.ts';
import type { LoadResult } from '../record-service/import/load-resources.ts';
import { reportText } from '../record-service/import/report.ts';
import { addUp, ServiceClient, ServiceFailure } from '../record-service/import/service-client.ts';
import { demoOrganisation } from '../record-service/seed/demo-practice.ts';
import { validate } from '../record-service/validation/validate.ts';

const USAGE = `npm run import -- FILE… [--service URL] [--organisation ODS] [--source-system URI] [--json report.json]
npm run import -- --from-export DIR [--service URL] [--organisation ODS]
npm run import -- --check FILE…            converts and reports, saves nothing

FILE is a GP Connect Access Record: Structured bundle (FHIR STU3, JSON).
--data-dir DIR is the data folder of the service (GLADSTONE_DATA_DIR, else .gladstone/service).`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    service: { type: 'string', default: 'http://127.0.0.1:8460' },
    organisation: { type: 'string', default: demoOrganisation.odsCode },
    'source-system': { type: 'string' },
    'data-dir': { type: 'string', default: process.env['GLADSTONE_DATA_DIR'] ?? '.gladstone/service' },
    'from-export': { type: 'string' },
    json: { type: 'string' },
    check: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

function faultsOf(resource: unknown): readonly string[] {
  return validate(resource as ResourceJson).errors.map(
    ({ details, expression }) =>
      `not valid R4: ${details?.text ?? 'no reason given'} (${expression?.join(', ') ?? ''})`,
  );
}

function loadText(result: LoadResult): string {
  const kept = result.changedHere.length + result.deletedHere.length;
  return (
    `saved: ${result.created} new, ${result.updated} changed, ${result.unchanged} unchanged` +
    (kept > 0 ? `; ${kept} were changed or deleted here meanwhile and stay as they are here` : '')
  );
}

async function importFiles(client: ServiceClient | undefined): Promise<number> {
  const reports: unknown[] = [];
  let failures = 0;
  for (const file of positionals) {
    let bundle: unknown;
    try {
      bundle = parseExact(await readFile(file, 'utf8'));
    } catch (error) {
      failures += 1;
      console.error(
        `${file} cannot be read as JSON (${error instanceof Error ? error.name : 'error'}); nothing of it was saved.`,
      );
      continue;
    }
    const sourceSystem = values['source-system'] ?? sourceSystemOf(bundle);
    if (sourceSystem === undefined) {
      failures += 1;
      console.error(
        `${file} does not say which system it comes from; name it with --source-system URI. Nothing of it was saved.`,
      );
      continue;
    }
    const { organisation } = values;
    const { resources, report } = convertBundle(bundle, { organisation, sourceSystem, validate: faultsOf });
    // The number in a file's name is a patient's: a report may be passed on.
    console.log(`File ${reports.length + 1} of ${positionals.length}\n${reportText(report)}`);
    const loaded = client && (await client.load(resources));
    if (loaded) console.log(loadText(loaded));
    if (report.unexplained > 0) failures += 1;
    reports.push({ file: basename(file), report, ...(loaded && { loaded }) });
  }
  if (values.json !== undefined)
    await writeFile(values.json, `${JSON.stringify(reports, null, 2)}\n`, { mode: 0o600 });
  return failures;
}

async function importExport(client: ServiceClient, folder: string): Promise<number> {
  const { manifest, faults } = await readExport(folder);
  if (faults.length > 0) {
    for (const fault of faults) console.error(fault);
    console.error('The export is damaged. Nothing was saved.');
    return 1;
  }
  for (const file of manifest.files) {
    const lines = createInterface({ input: createReadStream(`${folder}/${file.name}`), crlfDelay: Infinity });
    let page: unknown[] = [];
    let result = await client.load([]);
    for await (const line of lines) {
      page.push(parseExact(line));
      if (page.length < 1500) continue;
      result = addUp(result, await client.load(page));
      page = [];
    }
    result = addUp(result, await client.load(page));
    console.log(`${file.name}: ${loadText(result)}`);
  }
  return 0;
}

if (values.help || (positionals.length === 0 && values['from-export'] === undefined)) {
  console.log(USAGE);
  process.exitCode = values.help ? 0 : 2;
} else {
  const client = new ServiceClient({
    url: values.service.replace(/\/$/, ''),
    organisation: values.organisation,
    dataFolder: values['data-dir'],
  });
  try {
    if (!values.check) await client.overview();
    const failures =
      values['from-export'] === undefined
        ? await importFiles(values.check ? undefined : client)
        : await importExport(client, values['from-export']);
    process.exitCode = failures > 0 ? 1 : 0;
  } catch (error) {
    if (!(error instanceof ServiceFailure)) throw error;
    console.error([error.message, ...error.faults].join('\n'));
    process.exitCode = 1;
  }
}
