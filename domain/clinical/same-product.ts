import type { Immunization, MedicationAdministration } from '@medplum/fhirtypes';
import { daysBetween, parseCivilDate } from '../fhir/civil-date.ts';
import { conceptText, snomedCodes } from '../fhir/codeable-concept.ts';
import { searchWords } from '../search/normalise.ts';
import { displayDate } from './date-display.ts';
import { ingredientsIn, type MedicineFacts } from './medicine-facts.ts';

export type GivenProduct = Immunization | MedicationAdministration;

/** Two of one product nearer than this are asked about: no UK vaccine or depot repeats sooner as routine (proposed). */
const DAYS_APART = 21;

/**
 * The same vaccine, depot or injection given twice: by code, by ingredient, or by words where neither is known.
 * Null where they differ, are far enough apart, or one was not given.
 */
export function sameProductGiven(
  one: GivenProduct,
  other: GivenProduct,
  facts: MedicineFacts,
): string | null {
  if (!wasGiven(one) || !wasGiven(other) || !isSameProduct(one, other, facts)) return null;
  const [first, second] = [dayGiven(one), dayGiven(other)];
  const [firstDay, secondDay] = [parseCivilDate(first.slice(0, 10)), parseCivilDate(second.slice(0, 10))];
  if (firstDay && secondDay && Math.abs(daysBetween(firstDay, secondDay)) >= DAYS_APART) return null;
  return `${nameGiven(one)} was given on ${displayDate(first)} and ${nameGiven(other)} on ${displayDate(second)}: the same product twice?`;
}

/** Beside the entry box while offline. @param since local time of the data, `HH:mm` */
export function cannotCheckElsewhere(since: string): string {
  return `Cannot check elsewhere since ${since}: ask the patient whether it was given.`;
}

function wasGiven(given: GivenProduct): boolean {
  return given.resourceType === 'Immunization'
    ? given.status === 'completed'
    : given.status === 'completed' || given.status === 'in-progress';
}

function isSameProduct(one: GivenProduct, other: GivenProduct, facts: MedicineFacts): boolean {
  const codes = new Set(snomedCodes(conceptOf(one)));
  if (snomedCodes(conceptOf(other)).some((code) => codes.has(code))) return true;
  const ingredients = ingredientsIn(nameGiven(one), facts);
  const others = ingredientsIn(nameGiven(other), facts);
  if (ingredients.length > 0 || others.length > 0)
    return ingredients.some((ingredient) => others.includes(ingredient));
  return wordsKey(nameGiven(one)) === wordsKey(nameGiven(other));
}

function conceptOf(given: GivenProduct): Immunization['vaccineCode'] | undefined {
  return given.resourceType === 'Immunization' ? given.vaccineCode : given.medicationCodeableConcept;
}

function nameGiven(given: GivenProduct): string {
  return conceptText(conceptOf(given)) ?? 'Product not named';
}

function dayGiven(given: GivenProduct): string {
  return given.resourceType === 'Immunization'
    ? (given.occurrenceDateTime ?? given.recorded ?? '')
    : (given.effectiveDateTime ?? given.effectivePeriod?.start ?? '');
}

function wordsKey(name: string): string {
  return searchWords(name).sort().join(' ');
}
