/** What must be nowhere in the clear. */
export interface Needle {
  readonly text: string;
  readonly kind: 'name' | 'number' | 'term' | 'free text' | 'address';
}

type Json = Readonly<Record<string, unknown>>;

/** A name stands alone between quotes; a word within a sentence needs more to be told from chance. */
const shortest = { name: 4, word: 6 };

/** Elements whose text is a clinical term, and those in which people write freely. */
const termElements = new Set(['display', 'text']);
const freeElements = new Set([
  'div',
  'comment',
  'note',
  'valueString',
  'description',
  'title',
  'patientInstruction',
]);

/**
 * Every name, number, address line, term and free-text word of the records. A term counts as one text; free text is
 * cut into words. What is too short cannot be told from chance and is left out; so are the names of staff, which
 * stand on the lock screen.
 */
export function needlesOf(resources: readonly object[], staff: ReadonlySet<string>): readonly Needle[] {
  const needles = new Map<string, Needle['kind']>();
  const add = (text: string, kind: Needle['kind']): void => {
    const trimmed = text.trim();
    if (trimmed.length < shortest.name || staff.has(trimmed) || needles.has(trimmed)) return;
    needles.set(trimmed, kind);
  };
  const words = (text: string): void => {
    for (const word of text.replaceAll(/<[^>]*>|&[a-z]+;/g, ' ').split(/[^\p{L}\p{N}'-]+/u)) {
      if (/\p{L}/u.test(word) && word.length >= shortest.word) add(word, 'free text');
    }
  };
  const visit = (value: unknown, element: string): void => {
    if (typeof value === 'string') {
      if (freeElements.has(element)) words(value);
      else if (termElements.has(element)) add(value, 'term');
    } else if (Array.isArray(value)) {
      for (const item of value) visit(item, element);
    } else if (value !== null && typeof value === 'object') {
      const isReference = 'reference' in value;
      for (const [name, item] of Object.entries(value)) {
        // Who wrote it, or what it is about: no term.
        if (!(isReference && name === 'display')) visit(item, name);
      }
    }
  };
  for (const resource of resources as readonly Json[]) {
    if (resource['resourceType'] === 'Patient') {
      for (const { text, kind } of personOf(resource)) add(text, kind);
    } else if (isClinical(resource)) {
      visit(resource, '');
    }
  }
  return [...needles].map(([text, kind]) => ({ text, kind }));
}

function isClinical({ resourceType }: Json): boolean {
  return !['Practitioner', 'PractitionerRole', 'Organization', 'Location', 'Schedule', 'Slot'].includes(
    String(resourceType),
  );
}

interface Person {
  readonly name?: readonly { readonly family?: string; readonly given?: readonly string[] }[];
  readonly identifier?: readonly { readonly value?: string }[];
  readonly telecom?: readonly { readonly value?: string }[];
  readonly address?: readonly {
    readonly line?: readonly string[];
    readonly city?: string;
    readonly postalCode?: string;
  }[];
}

function personOf(resource: Json): readonly Needle[] {
  const { name = [], identifier = [], telecom = [], address = [] } = resource as Person;
  const numbers = [...identifier, ...telecom].flatMap(({ value }) => value ?? []);
  return [
    ...name.flatMap(({ family = '', given = [] }) => [
      { text: family, kind: 'name' as const },
      ...given.map((text) => ({ text, kind: 'name' as const })),
      ...given.slice(0, 1).map((first) => ({ text: `${family}, ${first}`, kind: 'name' as const })),
    ]),
    ...numbers.flatMap((text) => [
      { text, kind: 'number' as const },
      ...(/^\d{10}$/.test(text)
        ? [{ text: `${text.slice(0, 3)} ${text.slice(3, 6)} ${text.slice(6)}`, kind: 'number' as const }]
        : []),
    ]),
    ...address.flatMap(({ line = [], postalCode = '' }) =>
      [...line, postalCode].map((text) => ({ text, kind: 'address' as const })),
    ),
  ];
}
