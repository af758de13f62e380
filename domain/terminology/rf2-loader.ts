import {
  splitFullySpecifiedName,
  type Description,
  type SemanticTag,
  type TerminologyAsset,
  type TerminologyRelease,
} from './terminology-asset.ts';

/**
 * Reads a SNOMED CT RF2 snapshot (UK Edition or International) in chunks, in any file order, and gives the same asset as
 * the one that ships. Source: SNOMED CT Release File Specification, section 5. Only active rows count.
 */
export type Rf2File = 'concept' | 'description' | 'language';

export type Rf2Loader = {
  /** Give a file's text in chunks of any size; `end` closes it. */
  readonly open: (file: Rf2File) => { readonly push: (chunk: string) => void; readonly end: () => void };
  readonly finish: () => Rf2Outcome;
};

type Rf2Outcome =
  | { readonly ok: true; readonly asset: TerminologyAsset }
  | {
      readonly ok: false;
      readonly fault:
        | { readonly file: Rf2File; readonly line: number; readonly words: string }
        | { readonly words: string };
    };

const FULLY_SPECIFIED = '900000000000003001';
const SYNONYM = '900000000000013009';
const PREFERRED = '900000000000548007';

/** Language reference sets whose preferred terms UK general practice uses: NHS clinical, NHS pharmacy, GB English. */
const UK_LANGUAGE_SETS: readonly string[] = [
  '999001261000000100',
  '999000691000001104',
  '900000000000508004',
];

const COLUMNS: Readonly<Record<Rf2File, number>> = { concept: 5, description: 9, language: 7 };

/** Which file of a release a name is, or null: `sct2_Description_Snapshot-en_GB1000000_20261028.txt`. */
export function rf2FileOf(name: string): Rf2File | null {
  if (/sct2_Concept_.*Snapshot/i.test(name)) return 'concept';
  if (/sct2_Description_.*Snapshot/i.test(name)) return 'description';
  return /der2_cRefset_Language.*Snapshot/i.test(name) ? 'language' : null;
}

/** @param languageSets in order of preference */
export function createRf2Loader(
  release: TerminologyRelease,
  languageSets: readonly string[] = UK_LANGUAGE_SETS,
): Rf2Loader {
  const activeConcepts = new Set<string>();
  const tags = new Map<string, SemanticTag>();
  const terms: { readonly id: string; readonly concept: string; readonly term: string }[] = [];
  const preference = new Map<string, number>();
  let fault: Extract<Rf2Outcome, { ok: false }>['fault'] | null = null;
  let sawDescriptions = false;

  const readRow = (file: Rf2File, row: readonly string[]): void => {
    const [id = '', , active] = row;
    if (active !== '1') return;
    if (file === 'concept') activeConcepts.add(id);
    else if (file === 'description') {
      sawDescriptions = true;
      const [, , , , concept = '', , type, term = ''] = row;
      if (type === FULLY_SPECIFIED) tags.set(concept, splitFullySpecifiedName(term).tag);
      else if (type === SYNONYM) terms.push({ id, concept, term });
    } else {
      const [, , , , set = '', description = '', acceptability] = row;
      const rank = languageSets.indexOf(set);
      if (rank >= 0 && acceptability === PREFERRED)
        preference.set(description, Math.min(rank, preference.get(description) ?? rank));
    }
  };

  return {
    open: (file) => {
      let rest = '';
      let line = 0;
      const take = (text: string): void => {
        line += 1;
        if (line === 1 || text === '' || fault) return;
        const row = text.split('\t');
        if (row.length === COLUMNS[file]) readRow(file, row);
        else
          fault = {
            file,
            line,
            words: `The ${file} file is damaged: ${row.length} columns in place of ${COLUMNS[file]}. Nothing was changed.`,
          };
      };
      return {
        push: (chunk) => {
          const lines = (rest + chunk).split('\n');
          rest = lines.pop() ?? '';
          for (const text of lines) take(text.replace(/\r$/, ''));
        },
        end: () => {
          if (rest !== '') take(rest.replace(/\r$/, ''));
          rest = '';
        },
      };
    },
    finish: () => {
      if (fault) return { ok: false, fault };
      if (!sawDescriptions)
        return {
          ok: false,
          fault: { words: 'The release holds no active descriptions. Nothing was changed.' },
        };
      return {
        ok: true,
        asset: { release, descriptions: descriptionsOf(terms, tags, activeConcepts, preference) },
      };
    },
  };
}

function descriptionsOf(
  terms: readonly { readonly id: string; readonly concept: string; readonly term: string }[],
  tags: ReadonlyMap<string, SemanticTag>,
  activeConcepts: ReadonlySet<string>,
  preference: ReadonlyMap<string, number>,
): Description[] {
  const byConcept = new Map<string, { readonly id: string; readonly term: string }[]>();
  for (const { id, concept, term } of terms) {
    // Without a concept file every concept of the descriptions counts as active.
    if (activeConcepts.size > 0 && !activeConcepts.has(concept)) continue;
    const list = byConcept.get(concept);
    if (list) list.push({ id, term });
    else byConcept.set(concept, [{ id, term }]);
  }
  const descriptions: Description[] = [];
  for (const [code, list] of byConcept) {
    const tag = tags.get(code) ?? 'other';
    const rank = (id: string): number => preference.get(id) ?? Number.MAX_SAFE_INTEGER;
    list.sort((left, right) => rank(left.id) - rank(right.id));
    list.forEach(({ term }, at) =>
      descriptions.push({
        code,
        tag,
        kind: at === 0 ? 'preferred' : isAbbreviation(term) ? 'abbreviation' : 'synonym',
        term,
      }),
    );
  }
  return descriptions;
}

function isAbbreviation(term: string): boolean {
  return /^[A-Z0-9]{2,6}$/.test(term);
}
