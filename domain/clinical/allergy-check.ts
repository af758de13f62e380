import type { AllergyIntolerance } from '@medplum/fhirtypes';
import { snomedCodes } from '../fhir/codeable-concept.ts';
import { allergyItem, isCurrentAllergy, saysNoAllergy } from './allergy-summary.ts';
import { classesIn, classesOfIngredients, ingredientsIn, type MedicineFacts } from './medicine-facts.ts';

/** What an allergy names, so far as the facts know it. */
export type Allergen = {
  /** the agent in the words of the record */
  readonly agent: string;
  readonly ingredients: readonly string[];
  readonly classes: readonly string[];
  readonly severe: boolean;
};

export type AllergyFinding = {
  readonly kind: 'same-ingredient' | 'same-class' | 'cross-reaction';
  readonly agent: string;
  readonly medicine: string;
  readonly severe: boolean;
  /** one sentence for the screen */
  readonly words: string;
};

export type AllergyCheck = {
  readonly findings: readonly AllergyFinding[];
  /** what no rule could read, in words; a check with any of these is not whole */
  readonly notChecked: readonly string[];
  /** "Allergies that speak against Amoxicillin: none in data to 10:43", never "no conflict" */
  readonly words: string;
};

/** Codes of UK records whose words alone would not tell the agent. */
const AGENT_OF_CODE: Readonly<Record<string, string>> = {
  '91936005': 'penicillin',
  '373270004': 'penicillin',
  '294505008': 'amoxicillin',
  '372687004': 'amoxicillin',
  '387170002': 'ciprofloxacin',
  '387458008': 'aspirin',
  '293586001': 'aspirin',
};

/**
 * Checks one medicine against the current allergies of a record.
 * @param dataTo local time of the data, `HH:mm`: what was recorded elsewhere since is not in it
 */
export function checkAllergies(
  medicine: string,
  allergies: readonly AllergyIntolerance[],
  facts: MedicineFacts,
  dataTo: string,
): AllergyCheck {
  const findings: AllergyFinding[] = [];
  const notChecked: string[] = [];
  const ingredients = ingredientsIn(medicine, facts);
  const relevant = allergies.filter((allergy) => isCurrentAllergy(allergy) && !saysNoAllergy(allergy));
  if (ingredients.length === 0) {
    notChecked.push(
      `${medicine}: its ingredients are not known here. Allergies cannot be checked automatically.`,
    );
  }
  for (const allergy of relevant) {
    const allergen = allergenOf(allergy, facts);
    if (!allergen) {
      if (mayBeMedicine(allergy))
        notChecked.push(`${allergyItem(allergy).agent}: cannot be checked automatically.`);
      continue;
    }
    if (ingredients.length > 0) findings.push(...matchAllergen(allergen, medicine, ingredients, facts));
  }
  return { findings, notChecked, words: wordsOf(medicine, findings, notChecked, dataTo) };
}

/** Null where the agent is no medicine that the facts know, or stands only in a degraded entry's text. */
export function allergenOf(allergy: AllergyIntolerance, facts: MedicineFacts): Allergen | null {
  const item = allergyItem(allergy);
  if (!item.canBeChecked) return null;
  const coded = snomedCodes(allergy.code).flatMap((code) => AGENT_OF_CODE[code] ?? []);
  const texts = [
    item.agent,
    ...coded,
    ...(allergy.reaction ?? []).flatMap((reaction) => reaction.substance?.text ?? []),
  ];
  const ingredients = [...new Set(texts.flatMap((text) => ingredientsIn(text, facts)))];
  const named = [...new Set(texts.flatMap((text) => classesIn(text, facts)))];
  if (ingredients.length === 0 && named.length === 0) return null;
  return {
    agent: item.agent,
    ingredients,
    classes: [...new Set([...named, ...classesOfIngredients(ingredients, facts)])],
    severe: item.severe,
  };
}

export function matchAllergen(
  allergen: Allergen,
  medicine: string,
  ingredients: readonly string[],
  facts: MedicineFacts,
): readonly AllergyFinding[] {
  const { agent, severe } = allergen;
  const same = ingredients.find((ingredient) => allergen.ingredients.includes(ingredient));
  if (same !== undefined) {
    return [
      {
        kind: 'same-ingredient',
        agent,
        medicine,
        severe,
        words: `${medicine} contains ${same}. The record says: ${agent}.`,
      },
    ];
  }
  const classes = classesOfIngredients(ingredients, facts);
  const shared = classes.find((key) => allergen.classes.includes(key));
  if (shared !== undefined) {
    const label = facts.classLabels.get(shared) ?? shared;
    return [
      {
        kind: 'same-class',
        agent,
        medicine,
        severe,
        words: `${medicine} belongs to the ${label}. The record says: ${agent}.`,
      },
    ];
  }
  return facts.file.crossReactions
    .filter(({ allergy, given }) => allergen.classes.includes(allergy) && classes.includes(given))
    .map(({ words }) => ({
      kind: 'cross-reaction' as const,
      agent,
      medicine,
      severe,
      words: `${medicine}: the record says ${agent}. ${words}`,
    }));
}

/** Food and environment allergies are no gap in a medicines check, unless the record does not say which they are. */
function mayBeMedicine(allergy: AllergyIntolerance): boolean {
  const category = allergy.category ?? [];
  return category.length === 0 || category.includes('medication') || category.includes('biologic');
}

function wordsOf(
  medicine: string,
  findings: readonly AllergyFinding[],
  notChecked: readonly string[],
  dataTo: string,
): string {
  if (findings.length > 0)
    return `${findings.length === 1 ? 'One allergy warning' : `${findings.length} allergy warnings`} in data to ${dataTo}`;
  const none = `Allergies that speak against ${medicine}: none in data to ${dataTo}`;
  return notChecked.length === 0 ? none : `${none}; ${notChecked.length} not checked`;
}
