import type { AllergyIntolerance, Resource } from '@medplum/fhirtypes';
import { allergenOf, matchAllergen } from './allergy-check.ts';
import { allergyItem, isCurrentAllergy, saysNoAllergy } from './allergy-summary.ts';
import { ingredientsIn, type MedicineFacts } from './medicine-facts.ts';
import { isInUse, medicationName, type MedicationEntry } from './medication-status.ts';
import { sameProductGiven, type GivenProduct } from './same-product.ts';
import { checkPair } from './therapy-check.ts';

/**
 * Invariant I16 of sync.md: when work made apart meets, allergy, interaction and duplicate rules run over the merged
 * record, and both authors are told. The rules are the same as at entry; only what they run over is new.
 */
export const COMBINED_SAFETY_VERSION = 'combined safety 1';

/** Who made an entry and when, as the record's provenance tells. */
export type SafetyAuthor = {
  /** stable id of the person (user id or Practitioner reference) */
  readonly id: string;
  /** name for the screen */
  readonly name: string;
};

export type SafetyEntry = {
  readonly resource: Resource;
  readonly author: SafetyAuthor;
  /** FHIR instant of recording */
  readonly recorded: string;
  /** true for what has just met the rest: only pairs with such an entry are new */
  readonly arrived: boolean;
};

export type CombinedFinding = {
  /** the same for the same pair and rule on every machine: a replay makes no second task */
  readonly key: string;
  readonly kind: 'allergy' | 'duplicate' | 'interaction' | 'same-product' | 'not-checked';
  readonly severity: 'serious' | 'caution';
  readonly words: string;
  /** `Type/id` of both entries, older recording first */
  readonly between: readonly [string, string];
  /** both authors; one when one person wrote both */
  readonly tell: readonly SafetyAuthor[];
  readonly ruleVersion: string;
};

/**
 * Findings over the merged record, serious first, in an order that is the same on every machine.
 * @param today `YYYY-MM-DD`, for what is still in use
 */
export function combinedSafety(
  entries: readonly SafetyEntry[],
  facts: MedicineFacts,
  today: string,
): readonly CombinedFinding[] {
  const findings = new Map<string, CombinedFinding>();
  entries.forEach((left, at) => {
    for (const right of entries.slice(at + 1)) {
      if (!left.arrived && !right.arrived) continue;
      for (const finding of findingsOf(left, right, facts, today)) findings.set(finding.key, finding);
    }
  });
  return [...findings.values()].sort(
    (left, right) =>
      severityOrder(left) - severityOrder(right) ||
      (left.key < right.key ? -1 : left.key > right.key ? 1 : 0),
  );
}

type Plain = Pick<CombinedFinding, 'kind' | 'severity' | 'words'>;

function findingsOf(
  left: SafetyEntry,
  right: SafetyEntry,
  facts: MedicineFacts,
  today: string,
): CombinedFinding[] {
  const plain = pairFindings(left.resource, right.resource, facts, today);
  return plain.map((finding) => {
    const [first, second] = inOrder(left, right);
    const [one, other] = [referenceOf(first.resource), referenceOf(second.resource)];
    const authors = first.author.id === second.author.id ? [first.author] : [first.author, second.author];
    return {
      ...finding,
      words: `${finding.words} Recorded by ${first.author.name}${authors.length === 1 ? '' : ` and ${second.author.name}`}.`,
      key: [finding.kind, ...[one, other].sort(), finding.words].join('|'),
      between: [one, other],
      tell: authors,
      ruleVersion: `${COMBINED_SAFETY_VERSION}; medicines ${facts.version}`,
    };
  });
}

function pairFindings(left: Resource, right: Resource, facts: MedicineFacts, today: string): Plain[] {
  if (left.resourceType === 'AllergyIntolerance' && isMedication(right))
    return allergyFindings(left, right, facts, today);
  if (right.resourceType === 'AllergyIntolerance' && isMedication(left))
    return allergyFindings(right, left, facts, today);
  const found: Plain[] = [];
  if (isGiven(left) && isGiven(right)) {
    const words = sameProductGiven(left, right, facts);
    if (words !== null) found.push({ kind: 'same-product', severity: 'serious', words });
  }
  if (
    isMedication(left) &&
    isMedication(right) &&
    !belongTogether(left, right) &&
    isInUse(left, today) &&
    isInUse(right, today)
  ) {
    // The same thing given twice is already said by the rule above, in better words.
    const pairs = checkPair(medicationName(left), medicationName(right), facts);
    found.push(...pairs.filter(({ kind }) => kind !== 'duplicate' || found.length === 0));
  }
  return found;
}

function allergyFindings(
  allergy: AllergyIntolerance,
  medication: MedicationEntry,
  facts: MedicineFacts,
  today: string,
): Plain[] {
  if (!isCurrentAllergy(allergy) || saysNoAllergy(allergy) || !isInUse(medication, today)) return [];
  const medicine = medicationName(medication);
  const { agent, severe } = allergyItem(allergy);
  const allergen = allergenOf(allergy, facts);
  const ingredients = ingredientsIn(medicine, facts);
  if (!allergen || ingredients.length === 0) {
    const category = allergy.category ?? [];
    if (!allergen && category.length > 0 && !category.includes('medication')) return [];
    return [
      {
        kind: 'not-checked',
        severity: 'caution',
        words: `${agent} and ${medicine} met and cannot be checked automatically.`,
      },
    ];
  }
  return matchAllergen(allergen, medicine, ingredients, facts).map((finding) => ({
    kind: 'allergy',
    severity: finding.kind === 'cross-reaction' && !severe ? 'caution' : 'serious',
    words: finding.words,
  }));
}

/** A statement and the order it is based on are one medicine, not two. */
function belongTogether(left: MedicationEntry, right: MedicationEntry): boolean {
  return pointsAt(left, right) || pointsAt(right, left);
}

function pointsAt(from: MedicationEntry, to: MedicationEntry): boolean {
  const target = referenceOf(to);
  const references =
    from.resourceType === 'MedicationAdministration'
      ? [from.request]
      : [
          ...(from.basedOn ?? []),
          ...(from.resourceType === 'MedicationStatement'
            ? (from.derivedFrom ?? [])
            : [from.priorPrescription]),
        ];
  return references.some((reference) => reference?.reference === target);
}

function isMedication(resource: Resource): resource is MedicationEntry {
  return (
    resource.resourceType === 'MedicationRequest' ||
    resource.resourceType === 'MedicationStatement' ||
    resource.resourceType === 'MedicationAdministration'
  );
}

function isGiven(resource: Resource): resource is GivenProduct {
  return resource.resourceType === 'Immunization' || resource.resourceType === 'MedicationAdministration';
}

function inOrder(left: SafetyEntry, right: SafetyEntry): readonly [SafetyEntry, SafetyEntry] {
  if (left.recorded !== right.recorded) return left.recorded < right.recorded ? [left, right] : [right, left];
  return referenceOf(left.resource) < referenceOf(right.resource) ? [left, right] : [right, left];
}

function referenceOf(resource: Resource): string {
  return `${resource.resourceType}/${resource.id ?? ''}`;
}

function severityOrder({ severity }: CombinedFinding): number {
  return severity === 'serious' ? 0 : 1;
}
