/** Reads the folder of a licensed release, file by file in chunks, and says how far it is. */
import { createReadStream, readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { createDmdLoader, dmdFileOf, type DmdFile } from '../../domain/terminology/dmd-loader.ts';
import { createRf2Loader, rf2FileOf, type Rf2File } from '../../domain/terminology/rf2-loader.ts';
import type { TerminologyAsset } from '../../domain/terminology/terminology-asset.ts';

/** Why a release is not taken, in words for who runs the command; nothing was written. */
export class ReleaseRefused extends Error {
  override readonly name = 'ReleaseRefused';
}

export type Tell = (line: string) => void;

const SNOMED_ATTRIBUTION =
  'This material includes SNOMED Clinical Terms® (SNOMED CT®), used by permission of SNOMED International. All rights reserved. SNOMED CT® was originally created by the College of American Pathologists.';

const RF2_NEEDED: Readonly<Record<Rf2File, string>> = {
  concept: 'sct2_Concept_…Snapshot….txt',
  description: 'sct2_Description_…Snapshot….txt',
  language: 'der2_cRefset_Language…Snapshot….txt',
};

/**
 * A SNOMED CT release as RF2: every snapshot file in `folder` and below, so that a clinical and a drug extension lie side by
 * side. @throws {ReleaseRefused}
 */
export async function readRf2(folder: string, tell: Tell): Promise<TerminologyAsset> {
  const files = filesOf(folder, rf2FileOf);
  for (const [kind, name] of Object.entries(RF2_NEEDED))
    if (!files.some((file) => file.kind === kind))
      throw new ReleaseRefused(
        `${folder} holds no ${name}: give the folder of an unpacked RF2 release with its Snapshot.`,
      );
  const isUk = files.some(({ path }) => /_GB\d+_/.test(basename(path)));
  const loader = createRf2Loader({
    name: isUk ? 'SNOMED CT UK Edition' : 'SNOMED CT',
    release: latestDate(files, /_(\d{8})\.txt$/),
    attribution: SNOMED_ATTRIBUTION,
  });
  for (const file of files) await feed(file, loader.open(file.kind), tell);
  const outcome = loader.finish();
  if (outcome.ok) return outcome.asset;
  const { fault } = outcome;
  throw new ReleaseRefused('line' in fault ? `${fault.words} (line ${fault.line})` : fault.words);
}

/** A dm+d release as XML; its files of moieties, generic and branded products must be there. @throws {ReleaseRefused} */
export async function readDmd(folder: string, tell: Tell): Promise<TerminologyAsset> {
  const files = filesOf(folder, dmdFileOf);
  for (const kind of ['vtm', 'vmp', 'amp'] satisfies readonly DmdFile[])
    if (!files.some((file) => file.kind === kind))
      throw new ReleaseRefused(
        `${folder} holds no f_${kind}2_….xml: give the folder of an unpacked dm+d release.`,
      );
  const loader = createDmdLoader({
    name: 'dm+d',
    release: dmdRelease(files),
    attribution:
      'Contains the NHS dictionary of medicines and devices (dm+d), NHS Business Services Authority.',
  });
  for (const file of files) await feed(file, loader.open(file.kind), tell);
  const outcome = loader.finish();
  if (outcome.ok) return outcome.asset;
  throw new ReleaseRefused(outcome.fault.words);
}

interface ReleaseFile<Kind> {
  readonly path: string;
  readonly kind: Kind;
}

function filesOf<Kind>(folder: string, kindOf: (name: string) => Kind | null): readonly ReleaseFile<Kind>[] {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory())
    throw new ReleaseRefused(`${folder} is no folder.`);
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .sort()
    .flatMap((path) => {
      const kind = kindOf(basename(path));
      return kind === null ? [] : [{ path: join(folder, path), kind }];
    });
}

async function feed<Kind extends string>(
  { path, kind }: ReleaseFile<Kind>,
  sink: { readonly push: (chunk: string) => void; readonly end: () => void },
  tell: Tell,
): Promise<void> {
  tell(`reading ${kind}: ${basename(path)}, ${(statSync(path).size / 1e6).toFixed(1)} MB`);
  for await (const chunk of createReadStream(path, { encoding: 'utf8', highWaterMark: 1 << 20 }))
    sink.push(String(chunk));
  sink.end();
}

function latestDate(files: readonly ReleaseFile<unknown>[], pattern: RegExp): string {
  const dates = files.flatMap(({ path }) => pattern.exec(basename(path))?.[1] ?? []);
  return dates.sort().at(-1) ?? 'release not named';
}

/** The number that its files carry: `3221026` of `f_vmp2_3221026.xml`. */
function dmdRelease(files: readonly ReleaseFile<unknown>[]): string {
  const [first] = files.flatMap(({ path }) => /_(\d+)\.xml$/i.exec(basename(path))?.[1] ?? []);
  return first ?? 'release not named';
}
