/**
 * The terminology as one text: the first line is JSON that names release and licence, then one line a description:
 * `code TAB tag TAB kind TAB term`. Lines of one concept stand together, its preferred term first. Such a text is read
 * in tens of milliseconds, needs no database, and can be checked by eye.
 */
export type TerminologyRelease = {
  /** `SNOMED CT Global Patient Set` */
  readonly name: string;
  /** `2020-09`, or the release's own effective time */
  readonly release: string;
  /** said wherever terms are shown or exported */
  readonly attribution: string;
  /** what the terms are not: shown with the release */
  readonly limits?: string;
};

/** Semantic tags that matter for ranking; all others are `other`. */
export type SemanticTag =
  | 'disorder'
  | 'finding'
  | 'situation'
  | 'procedure'
  | 'regime'
  | 'observable'
  | 'substance'
  | 'product'
  | 'organism'
  | 'body structure'
  | 'event'
  | 'other';

/**
 * `preferred`: the term to show. `synonym`: found by it, shown as the preferred term with the synonym beside.
 * `abbreviation`: found by it as a whole. `ambiguous`: an abbreviation with several senses, which never has a default.
 */
export type DescriptionKind = 'preferred' | 'synonym' | 'abbreviation' | 'ambiguous';

export type Description = {
  readonly code: string;
  readonly tag: SemanticTag;
  readonly kind: DescriptionKind;
  readonly term: string;
};

export type TerminologyAsset = {
  readonly release: TerminologyRelease;
  readonly descriptions: readonly Description[];
};

export type AssetFault = { readonly line: number; readonly words: string };

const TAGS: Readonly<Record<string, SemanticTag>> = {
  d: 'disorder',
  f: 'finding',
  s: 'situation',
  p: 'procedure',
  r: 'regime',
  o: 'observable',
  u: 'substance',
  m: 'product',
  g: 'organism',
  b: 'body structure',
  e: 'event',
  x: 'other',
};
const TAG_LETTERS = new Map(Object.entries(TAGS).map(([letter, tag]) => [tag, letter]));
const KINDS: Readonly<Record<string, DescriptionKind>> = {
  P: 'preferred',
  S: 'synonym',
  A: 'abbreviation',
  M: 'ambiguous',
};
const KIND_LETTERS = new Map(Object.entries(KINDS).map(([letter, kind]) => [kind, letter]));

const TAG_OF_WORDS: Readonly<Record<string, SemanticTag>> = {
  disorder: 'disorder',
  finding: 'finding',
  situation: 'situation',
  procedure: 'procedure',
  'regime/therapy': 'regime',
  'observable entity': 'observable',
  'assessment scale': 'observable',
  substance: 'substance',
  product: 'product',
  'medicinal product': 'product',
  'medicinal product form': 'product',
  'clinical drug': 'product',
  organism: 'organism',
  'body structure': 'body structure',
  'morphologic abnormality': 'body structure',
  event: 'event',
};

/** `Asthma (disorder)` is `Asthma` with the tag `disorder`. */
export function splitFullySpecifiedName(name: string): { readonly term: string; readonly tag: SemanticTag } {
  const match = /^(.*\S)\s+\(([^()]+)\)$/.exec(name.trim());
  if (match?.[1] === undefined || match[2] === undefined) return { term: name.trim(), tag: 'other' };
  return { term: match[1], tag: TAG_OF_WORDS[match[2]] ?? 'other' };
}

/** Reads the text; a damaged line is a fault with its number, never a term that is quietly missing. */
export function readTerminologyAsset(
  text: string,
): { readonly asset: TerminologyAsset } | { readonly fault: AssetFault } {
  const lines = text.split('\n');
  const release = readRelease(lines[0] ?? '');
  if (!release) return { fault: { line: 1, words: 'The terminology does not name its release.' } };
  const descriptions: Description[] = [];
  for (let at = 1; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    if (line === '') continue;
    const description = readLine(line);
    if (!description)
      return { fault: { line: at + 1, words: 'The terminology is damaged. Fetch it again.' } };
    descriptions.push(description);
  }
  return { asset: { release, descriptions } };
}

/** Writes the text that {@link readTerminologyAsset} reads. */
export function writeTerminologyAsset({ release, descriptions }: TerminologyAsset): string {
  const lines = descriptions.map(
    ({ code, tag, kind, term }) =>
      `${code}\t${TAG_LETTERS.get(tag) ?? 'x'}\t${KIND_LETTERS.get(kind) ?? 'S'}\t${term.replace(/[\t\n\r]+/g, ' ')}`,
  );
  return `${JSON.stringify(release)}\n${lines.join('\n')}\n`;
}

function readLine(line: string): Description | null {
  const first = line.indexOf('\t');
  if (first < 0 || line.charAt(first + 2) !== '\t' || line.charAt(first + 4) !== '\t') return null;
  const tag = TAGS[line.charAt(first + 1)];
  const kind = KINDS[line.charAt(first + 3)];
  const term = line.slice(first + 5);
  return tag && kind && term !== '' ? { code: line.slice(0, first), tag, kind, term } : null;
}

function readRelease(line: string): TerminologyRelease | null {
  try {
    const value = JSON.parse(line) as Partial<TerminologyRelease> | null;
    return typeof value?.name === 'string' &&
      typeof value.release === 'string' &&
      typeof value.attribution === 'string'
      ? (value as TerminologyRelease)
      : null;
  } catch {
    return null;
  }
}
