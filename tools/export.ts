import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Resource } from '@medplum/fhirtypes';
import { hasValidCheckDigit } from '../domain/clinical/nhs-number.ts';
import { parseExact, stringifyExact } from '../domain/fhir/exact-json.ts';
import { exportPractice, portable } from '../record-service/export/export-practice.ts';
import { patientDocument } from '../record-service/export/patient-document.ts';
import { selectPatient } from '../record-service/export/select-patient.ts';
import { ServiceClient, ServiceFailure } from '../record-service/import/service-client.ts';
import { demoOrganisation } from '../record-service/seed/demo-practice.ts';

const USAGE = `npm run export -- --out DIR [--service URL] [--organisation ODS]      the whole practice as R4 NDJSON
npm run export -- --out DIR --patient NHSNUMBER                        one patient: bundle.json and record.html

bundle.json is whole. record.html leaves out what is marked as sensitive, and says how much; and what is about safeguarding.`;

const { values } = parseArgs({
  options: {
    out: { type: 'string' },
    patient: { type: 'string' },
    service: { type: 'string', default: 'http://127.0.0.1:8460' },
    organisation: { type: 'string', default: demoOrganisation.odsCode },
    'data-dir': { type: 'string', default: process.env['GLADSTONE_DATA_DIR'] ?? '.gladstone/service' },
  },
});

async function exportPatient(client: ServiceClient, folder: string, nhsNumber: string): Promise<void> {
  const exportedAt = new Date().toISOString();
  const lines = await selectPatient(client, nhsNumber);
  if (lines === undefined)
    throw new ServiceFailure('No patient has this NHS number here. Nothing was exported.');
  const entries = lines.map(portable);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const bundle = `{"resourceType":"Bundle","type":"collection","timestamp":${stringifyExact(exportedAt)},"entry":[\n${entries
    .map((line) => `{"resource":${line}}`)
    .join(',\n')}\n]}\n`;
  await writeFile(join(folder, 'bundle.json'), bundle, { mode: 0o600 });
  const resources = entries.map((line) => parseExact(line) as Resource);
  await writeFile(join(folder, 'record.html'), patientDocument(resources, exportedAt), { mode: 0o600 });
  console.log(`One patient, ${entries.length} resources: bundle.json and record.html in ${folder}`);
}

const { out, patient, service, organisation } = values;
const number = patient?.replaceAll(/\s/g, '');
if (out === undefined || (number !== undefined && !hasValidCheckDigit(number))) {
  console.error(
    out === undefined ? USAGE : 'That is not an NHS number: ten digits with a valid check digit.',
  );
  process.exitCode = 2;
} else {
  const client = new ServiceClient({
    url: service.replace(/\/$/, ''),
    organisation,
    dataFolder: values['data-dir'],
  });
  try {
    if (number !== undefined) await exportPatient(client, out, number);
    else {
      const manifest = await exportPractice(client, out, {
        organisation,
        exportedAt: new Date().toISOString(),
      });
      console.log(
        `${manifest.resources} resources in ${manifest.files.length} files and manifest.json in ${out}`,
      );
      if (manifest.positionBefore !== manifest.positionAfter) {
        console.log(
          'The record was written to meanwhile: files may be of different moments. Export again when it is quiet.',
        );
      }
    }
  } catch (error) {
    if (!(error instanceof ServiceFailure)) throw error;
    console.error([error.message, ...error.faults].join('\n'));
    process.exitCode = 1;
  }
}
