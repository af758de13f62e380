import type { AllergyIntolerance } from '@medplum/fhirtypes';
import { allergenOf, checkAllergies, type AllergyFinding } from './allergy-check.ts';
import { isCurrentAllergy, saysNoAllergy } from './allergy-summary.ts';
import { classesIn, ingredientsIn, type MedicineFacts } from './medicine-facts.ts';

/** What free words about medicines say against the allergies of a record. */
export interface WrittenMedicines {
  /** Medicines and classes that were read in the words; what else stands there was not read as a medicine. */
  readonly read: readonly string[];
  readonly findings: readonly AllergyFinding[];
  /** What of the allergies could not be checked, each a sentence. */
  readonly notChecked: readonly string[];
  /** What was read and what came of it, "none in data to 10:43", never "no conflict"; or that nothing could be read. */
  readonly words: string;
}

/**
 * Reads a line as written ("amoxicillin 500mg tds 5/7, stop ramipril") against the allergies of the record by the
 * whole-word rule of `checkAllergies` (H-086). Every medicine that is named is checked, also one that is being stopped.
 * @param dataTo local time of the data, `HH:mm`
 */
export function checkWrittenMedicines(
  text: string,
  allergies: readonly AllergyIntolerance[],
  facts: MedicineFacts,
  dataTo: string,
): WrittenMedicines {
  const ingredients = ingredientsIn(text, facts);
  const classes = classesIn(text, facts);
  const checks = ingredients.map((ingredient) => checkAllergies(ingredient, allergies, facts, dataTo));
  const findings = [
    ...checks.flatMap((check) => check.findings),
    ...classes.flatMap((key) => classFindings(key, allergies, facts)),
  ];
  const read = [...new Set([...ingredients, ...classes.map((key) => facts.classLabels.get(key) ?? key)])];
  const notChecked = [
    ...new Set([
      ...checks.flatMap((check) => check.notChecked),
      ...(allergies.some(isCurrentAllergy) ? [] : ['Allergies are not recorded here.']),
    ]),
  ];
  return {
    read,
    findings: unique(findings, ({ words }) => words),
    notChecked: read.length === 0 ? [] : notChecked,
    words: wordsOf(text.trim(), read, findings.length, notChecked.length, dataTo),
  };
}

/** A class named as such ("a penicillin") against allergies to that class or to anything of it. */
function classFindings(
  key: string,
  allergies: readonly AllergyIntolerance[],
  facts: MedicineFacts,
): readonly AllergyFinding[] {
  const label = facts.classLabels.get(key) ?? key;
  return allergies
    .filter((allergy) => isCurrentAllergy(allergy) && !saysNoAllergy(allergy))
    .flatMap((allergy): readonly AllergyFinding[] => {
      const allergen = allergenOf(allergy, facts);
      if (!allergen?.classes.includes(key)) return [];
      const { agent, severe } = allergen;
      const words = `${label} are named. The record says: ${agent}.`;
      return [{ kind: 'same-class', agent, medicine: label, severe, words }];
    });
}

function wordsOf(text: string, read: readonly string[], found: number, open: number, dataTo: string): string {
  if (read.length === 0) {
    return `No medicine that is known here was read in “${text}”. Allergies cannot be checked automatically.`;
  }
  const what = `Only these words were read as medicines: ${read.join(', ')}`;
  if (found > 0) return `${what}. ${found === 1 ? 'One warning' : `${found} warnings`} in data to ${dataTo}`;
  const rest = open === 0 ? '' : `; ${open} not checked`;
  return `${what}. Allergies against them: none in data to ${dataTo}${rest}`;
}

function unique<T>(list: readonly T[], by: (one: T) => string): readonly T[] {
  return [...new Map(list.map((one) => [by(one), one])).values()];
}
