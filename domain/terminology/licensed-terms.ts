/**
 * One terminology from the releases that an organisation is licensed for: SNOMED CT (RF2), dm+d or both, with the synonyms
 * and abbreviations of general practice that ship with the product.
 */
import type { Description, TerminologyAsset, TerminologyRelease } from './terminology-asset.ts';
import type { CuratedTerm } from './terminology-build.ts';

interface LicensedTerms {
  readonly asset: TerminologyAsset;
  /** Curated codes that no release holds: their words are left out, and named. */
  readonly unknownCodes: readonly string[];
}

/**
 * @param snomed the clinical terms: a licensed release, or what the product ships with
 * @param dmd its names of medicines stand before those of `snomed`, as they are what is prescribed by
 * @param curated adds synonyms and abbreviations; the preferred term stays the release's own
 */
export function licensedTerms({
  snomed,
  dmd,
  curated,
}: {
  readonly snomed: TerminologyAsset;
  readonly dmd: TerminologyAsset | null;
  readonly curated: readonly CuratedTerm[];
}): LicensedTerms {
  const byCode = new Map<string, Description[]>();
  for (const description of [...(dmd?.descriptions ?? []), ...snomed.descriptions]) add(byCode, description);
  const unknownCodes = new Set<string>();
  for (const { code, kind, term } of curated) {
    const [first] = byCode.get(code) ?? [];
    if (first) add(byCode, { code, tag: first.tag, kind: kind === 'preferred' ? 'synonym' : kind, term });
    else unknownCodes.add(code);
  }
  const senses = sensesOf(byCode);
  return {
    asset: {
      release: dmd ? together(snomed.release, dmd.release) : snomed.release,
      descriptions: [...byCode.values()].flatMap((list) =>
        list.map((description) =>
          // An abbreviation with several senses never has a default.
          description.kind === 'abbreviation' && (senses.get(description.term) ?? 0) > 1
            ? { ...description, kind: 'ambiguous' as const }
            : description,
        ),
      ),
    },
    unknownCodes: [...unknownCodes],
  };
}

/** The first that comes is the term to show; a word that the concept has already is not said again. */
function add(byCode: Map<string, Description[]>, description: Description): void {
  const list = byCode.get(description.code);
  if (!list) {
    byCode.set(description.code, [{ ...description, kind: 'preferred' }]);
    return;
  }
  const at = list.findIndex(({ term }) => term === description.term);
  const [first] = list;
  if (at < 0 && first)
    list.push({
      ...description,
      tag: first.tag,
      kind: description.kind === 'preferred' ? 'synonym' : description.kind,
    });
  // What is known to be ambiguous stays so, whatever the release calls it.
  else if (at > 0 && description.kind === 'ambiguous')
    list[at] = { ...description, tag: first?.tag ?? 'other' };
}

function sensesOf(byCode: ReadonlyMap<string, readonly Description[]>): ReadonlyMap<string, number> {
  const senses = new Map<string, number>();
  for (const list of byCode.values())
    for (const { term, kind } of list)
      if (kind === 'abbreviation') senses.set(term, (senses.get(term) ?? 0) + 1);
  return senses;
}

function together(snomed: TerminologyRelease, dmd: TerminologyRelease): TerminologyRelease {
  return {
    name: `${snomed.name} with ${dmd.name}`,
    release: `${snomed.release} with ${dmd.release}`,
    attribution: `${snomed.attribution} ${dmd.attribution}`,
    ...(snomed.limits !== undefined && { limits: snomed.limits }),
  };
}
