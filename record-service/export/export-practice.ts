import { createHash } from 'node:crypto';
import { mkdir, open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseExact, stringifyExact } from '../../domain/fhir/exact-json.ts';
import { isObject, without } from '../import/source.ts';
import type { BulkOverview } from '../import/service-client.ts';
import type { ExportFile, ExportManifest } from './read-export.ts';

/** What an export reads from: the running service. */
export interface ExportSource {
  overview(): Promise<BulkOverview>;
  pages(type: string): AsyncIterable<readonly string[]>;
}

/** What others refer to comes first, so that a load in file order never has to look ahead. */
const FIRST = [
  'Organization',
  'Location',
  'Practitioner',
  'PractitionerRole',
  'HealthcareService',
  'Schedule',
  'Slot',
  'Patient',
  'Encounter',
];

/**
 * Writes the whole practice as R4 NDJSON, one file a type, with a manifest of counts and hashes, written last: a folder
 * without a manifest is an export that did not finish. Files are readable by their owner only. Bounded memory.
 */
export async function exportPractice(
  source: ExportSource,
  folder: string,
  options: { readonly organisation: string; readonly exportedAt: string },
): Promise<ExportManifest> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const before = await source.overview();
  const types = before.types
    .map(({ type }) => type)
    .sort((left, right) => rank(left) - rank(right) || left.localeCompare(right));
  const files: ExportFile[] = [];
  for (const type of types) files.push(await exportType(source, folder, type));
  const after = await source.overview();
  const manifest: ExportManifest = {
    format: 'gladstone-export-1',
    organisation: options.organisation,
    fhirVersion: '4.0.1',
    exportedAt: options.exportedAt,
    epoch: before.epoch,
    positionBefore: before.position,
    positionAfter: after.position,
    resources: files.reduce((sum, file) => sum + file.count, 0),
    files,
  };
  await writeFile(join(folder, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`, { mode: 0o600 });
  return manifest;
}

async function exportType(source: ExportSource, folder: string, type: string): Promise<ExportFile> {
  const name = `${type}.ndjson`;
  const hash = createHash('sha256');
  let count = 0;
  let bytes = 0;
  const file = await open(join(folder, name), 'w', 0o600);
  try {
    for await (const lines of source.pages(type)) {
      const text = lines.map((line) => `${portable(line)}\n`).join('');
      hash.update(text);
      count += lines.length;
      bytes += Buffer.byteLength(text);
      await file.write(text);
    }
  } finally {
    await file.close();
  }
  return { name, type, count, bytes, sha256: hash.digest('hex') };
}

/** Version and time of the last change are this service's, and would make two equal exports differ. */
export function portable(line: string): string {
  const resource = parseExact(line);
  if (!isObject(resource) || !isObject(resource['meta'])) return line;
  const meta = without(resource['meta'], 'versionId', 'lastUpdated');
  return stringifyExact(Object.keys(meta).length > 0 ? { ...resource, meta } : without(resource, 'meta'));
}

function rank(type: string): number {
  const place = FIRST.indexOf(type);
  return place < 0 ? FIRST.length : place;
}
