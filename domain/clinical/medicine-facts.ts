import { searchWords } from '../search/normalise.ts';

/**
 * The curated facts of common medicines (assets/medicines/medicines.json): ingredients with their classes and brands,
 * products that hold several, cross-reactions and main interactions. It knows a few hundred; what it does not know is
 * always said, never passed over.
 */
export type MedicineFactsFile = {
  readonly version: string;
  readonly classes: readonly {
    readonly key: string;
    readonly label: string;
    readonly words: readonly string[];
    readonly duplicate: boolean;
  }[];
  readonly ingredients: readonly {
    readonly name: string;
    readonly classes: readonly string[];
    readonly brands: readonly string[];
    readonly also?: readonly string[];
  }[];
  readonly products: readonly { readonly name: string; readonly ingredients: readonly string[] }[];
  readonly crossReactions: readonly {
    readonly allergy: string;
    readonly given: string;
    readonly words: string;
  }[];
  readonly interactions: readonly {
    readonly one: readonly string[];
    readonly other: readonly string[];
    readonly severity: InteractionSeverity;
    readonly words: string;
  }[];
};

export type InteractionSeverity = 'serious' | 'caution';

export type MedicineFacts = {
  readonly version: string;
  readonly file: MedicineFactsFile;
  /** names in search form, longest first, with what they hold */
  readonly names: ReadonlyMap<string, readonly string[]>;
  readonly longestName: number;
  readonly classesOf: ReadonlyMap<string, readonly string[]>;
  readonly classLabels: ReadonlyMap<string, string>;
  /** words of a class in an allergy, in search form */
  readonly classWords: ReadonlyMap<string, string>;
};

/** Prepares the file's content; once, at start. */
export function prepareMedicineFacts(file: MedicineFactsFile): MedicineFacts {
  const names = new Map<string, readonly string[]>();
  const add = (name: string, ingredients: readonly string[]): void => {
    names.set(medicineWords(name).join(' '), ingredients);
  };
  for (const { name, brands, also } of file.ingredients) {
    for (const word of [name, ...(also ?? [])]) add(word, [name]);
    // A brand named by several single ingredients holds them all.
    for (const brand of brands) {
      const key = medicineWords(brand).join(' ');
      add(brand, [...new Set([...(names.get(key) ?? []), name])]);
    }
  }
  for (const { name, ingredients } of file.products) add(name, ingredients);
  const classWords = new Map<string, string>();
  for (const { key, words } of file.classes)
    for (const word of words) classWords.set(medicineWords(word).join(' '), key);
  return {
    version: file.version,
    file,
    names,
    longestName: Math.max(...[...names.keys()].map((name) => name.split(' ').length)),
    classesOf: new Map(file.ingredients.map(({ name, classes }) => [name, classes])),
    classLabels: new Map(file.classes.map(({ key, label }) => [key, label])),
    classWords,
  };
}

/**
 * Ingredients named in a text ("Co-amoxiclav 500mg/125mg tablets"), longest names first; empty where none is known.
 * Whole words only: "penicillamine" is not penicillin.
 */
export function ingredientsIn(text: string, facts: MedicineFacts): readonly string[] {
  const words = medicineWords(text);
  const found = new Set<string>();
  for (let at = 0; at < words.length;) {
    let taken = 0;
    for (let count = Math.min(facts.longestName, words.length - at); count > 0 && taken === 0; count -= 1) {
      const ingredients = facts.names.get(words.slice(at, at + count).join(' '));
      if (!ingredients) continue;
      for (const ingredient of ingredients) found.add(ingredient);
      taken = count;
    }
    at += Math.max(1, taken);
  }
  return [...found];
}

/** Classes that a text names as such ("Allergy to penicillin", "NSAIDs"). */
export function classesIn(text: string, facts: MedicineFacts): readonly string[] {
  const words = medicineWords(text);
  const found = new Set<string>();
  for (let at = 0; at < words.length; at += 1) {
    for (let count = Math.min(4, words.length - at); count > 0; count -= 1) {
      const key = facts.classWords.get(words.slice(at, at + count).join(' '));
      if (key !== undefined) found.add(key);
    }
  }
  return [...found];
}

/** Strengths stand off their names: `500mg/125mg`, `Amoxicillin250mg`. */
function medicineWords(text: string): string[] {
  return searchWords(text.replace(/(\p{L})(\d)/gu, '$1 $2').replace(/(\d)(\p{L})/gu, '$1 $2'));
}

/** Classes of any of the ingredients. */
export function classesOfIngredients(
  ingredients: readonly string[],
  facts: MedicineFacts,
): readonly string[] {
  return [...new Set(ingredients.flatMap((ingredient) => facts.classesOf.get(ingredient) ?? []))];
}
