import { isExactDecimal, parseExact } from '../../../domain/fhir/exact-json.ts';

/** One thing that a person wrote in an entry: its place, what it is called, and how it stands. */
export interface EditableWord {
  readonly path: readonly (string | number)[];
  readonly label: string;
  readonly value: string;
  readonly isNumber: boolean;
}

/** What the program writes, not the person: identity, codes, links. A correction never touches these. */
const NOT_WORDS: ReadonlySet<string> = new Set([
  'resourceType',
  'id',
  'meta',
  'implicitRules',
  'language',
  'contained',
  'extension',
  'modifierExtension',
  'reference',
  'system',
  'code',
  'url',
  'use',
  'display',
  'unit',
  'status',
  'intent',
  'versionId',
  'div',
  'data',
  'contentType',
  'author',
  'recorder',
  'asserter',
  'performer',
  'requester',
  'owner',
  'subject',
  'patient',
  'encounter',
  'for',
  'lastModified',
  'priority',
  'criticality',
  'severity',
  'gender',
  'comparator',
  'rank',
]);

/** Every word, date and number of an entry that a person may put right, in the order in which they stand. */
export function editableWords(resource: unknown): readonly EditableWord[] {
  const words: EditableWord[] = [];
  const walk = (value: unknown, path: readonly (string | number)[]): void => {
    if (Array.isArray(value)) {
      value.forEach((item, index) => {
        walk(item, [...path, index]);
      });
    } else if (typeof value === 'string' || typeof value === 'number' || isExactDecimal(value)) {
      const isNumber = typeof value !== 'string';
      words.push({ path, label: labelOf(path), value: written(value), isNumber });
    } else if (typeof value === 'object' && value !== null) {
      for (const [name, item] of Object.entries(value)) {
        // `code` is a code, or a concept with the author's own words in it.
        const isConcept = name === 'code' && typeof item === 'object';
        if ((isConcept || !NOT_WORDS.has(name)) && !name.startsWith('_')) walk(item, [...path, name]);
      }
    }
  };
  walk(resource, []);
  return words;
}

/**
 * The entry with these words in place of those that stood, numbers as written; null where a number is none. A word
 * made empty is left out.
 */
export function withWords<Resource>(
  resource: Resource,
  words: readonly Pick<EditableWord, 'path' | 'value' | 'isNumber'>[],
): Resource | null {
  let corrected: unknown = resource;
  // From the end, so that what is left out moves nothing that is still to be written.
  for (const { path, value, isNumber } of words.toReversed()) {
    const text = value.trim();
    if (isNumber && text !== '' && !/^-?(?:0|[1-9]\d*)(?:\.\d+)?$/.test(text)) return null;
    const put = text === '' ? undefined : isNumber ? parseExact(text) : text;
    corrected = withValue(corrected, path, put);
  }
  return corrected as Resource;
}

function withValue(target: unknown, path: readonly (string | number)[], value: unknown): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return value;
  if (Array.isArray(target)) {
    const items = target as readonly unknown[];
    return items.flatMap((item, index) => {
      if (index !== step) return [item];
      const next = withValue(item, rest, value);
      return next === undefined ? [] : [next];
    });
  }
  const record = target as Readonly<Record<string, unknown>>;
  const next = withValue(record[step], rest, value);
  if (next !== undefined) return { ...record, [step]: next };
  const others = Object.entries(record).filter(([name]) => name !== step);
  return others.length === 0 ? undefined : Object.fromEntries(others);
}

function written(value: unknown): string {
  return isExactDecimal(value) ? value.rawJSON : String(value);
}

/** `dosageInstruction, 1, text` as `Dosage instruction, text`. */
function labelOf(path: readonly (string | number)[]): string {
  const parts = path.flatMap((step) =>
    typeof step === 'number' ? [] : [step.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase()],
  );
  const words = parts.join(', ');
  return `${words.slice(0, 1).toUpperCase()}${words.slice(1)}`;
}
