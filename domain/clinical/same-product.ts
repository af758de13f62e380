import type { CodeableConcept, Immunization, MedicationAdministration } from '@medplum/fhirtypes';
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

/** What is not named is never taken for the same: "unknown" twice says nothing. */
function isSameProduct(one: GivenProduct, other: GivenProduct, facts: MedicineFacts): boolean {
  const codes = new Set(conceptsOf(one).flatMap(snomedCodes));
  if (conceptsOf(other).some((concept) => snomedCodes(concept).some((code) => codes.has(code)))) return true;
  const [name, otherName] = [nameGiven(one), nameGiven(other)];
  if (name === UNNAMED || otherName === UNNAMED) return false;
  const ingredients = ingredientsIn(name, facts);
  const others = ingredientsIn(otherName, facts);
  if (ingredients.length > 0 || others.length > 0)
    return ingredients.some((ingredient) => others.includes(ingredient));
  return wordsKey(name) === wordsKey(otherName);
}

/** UK records name a vaccine by its procedure where the product is not known. */
const VACCINATION_PROCEDURE = /VaccinationProcedure(?:-1)?$/;

const NULL_FLAVOR = /NullFlavor$/;

const UNNAMED = 'Product not named';

/** The product, then the procedure; a null flavour ("unknown") is neither. */
function conceptsOf(given: GivenProduct): readonly CodeableConcept[] {
  const product = given.resourceType === 'Immunization' ? given.vaccineCode : given.medicationCodeableConcept;
  const procedures =
    given.resourceType === 'Immunization'
      ? (given.extension ?? [])
          .filter(({ url }) => VACCINATION_PROCEDURE.test(url))
          .map(({ valueCodeableConcept }) => valueCodeableConcept)
      : [];
  return [product, ...procedures].filter((concept) => concept !== undefined).filter(isNamed);
}

function isNamed(concept: CodeableConcept): boolean {
  const codings = concept.coding ?? [];
  return codings.length === 0
    ? concept.text !== undefined
    : codings.some(({ system }) => !NULL_FLAVOR.test(system ?? ''));
}

function nameGiven(given: GivenProduct): string {
  return (
    conceptsOf(given)
      .map(conceptText)
      .find((text) => text !== null) ?? UNNAMED
  );
}

function dayGiven(given: GivenProduct): string {
  return given.resourceType === 'Immunization'
    ? (given.occurrenceDateTime ?? given.recorded ?? '')
    : (given.effectiveDateTime ?? given.effectivePeriod?.start ?? '');
}

function wordsKey(name: string): string {
  return searchWords(name).sort().join(' ');
}
