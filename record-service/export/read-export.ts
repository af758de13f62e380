import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

/** `manifest.json` of an export: what is in the folder, and how to know that it is whole. */
export interface ExportManifest {
  readonly format: 'gladstone-export-1';
  readonly organisation: string;
  readonly fhirVersion: '4.0.1';
  /** ISO 8601, when the export began. */
  readonly exportedAt: string;
  readonly epoch: string;
  /** The feed's position before the first and after the last page: equal when nothing was written meanwhile. */
  readonly positionBefore: number;
  readonly positionAfter: number;
  readonly resources: number;
  readonly files: readonly ExportFile[];
}

export interface ExportFile {
  /** In the order to load them: what others refer to first. */
  readonly name: string;
  readonly type: string;
  readonly count: number;
  readonly bytes: number;
  readonly sha256: string;
}

/** Reads the manifest and checks every file against it; `faults` says what is missing or damaged. */
export async function readExport(
  folder: string,
): Promise<{ readonly manifest: ExportManifest; readonly faults: readonly string[] }> {
  const manifest = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')) as ExportManifest;
  const faults: string[] = [];
  for (const file of manifest.files) {
    const found = await sha256Of(join(folder, file.name)).catch(() => undefined);
    if (found === undefined) faults.push(`${file.name} is missing.`);
    else if (found !== file.sha256) faults.push(`${file.name} is not what was exported.`);
  }
  return { manifest, faults };
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
