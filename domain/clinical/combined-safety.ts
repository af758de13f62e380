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
const COMBINED_SAFETY_VERSION = 'combined safety 1';

/** Who made an entry and when, as the record's provenance tells. */
type SafetyAuthor = {
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
  /** `Type/id` of the entry that no rule can read; only for `not-checked` */
  readonly unreadable?: string;
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
  const ruled = [
    ...entries.filter(({ resource }) => isRuledByItself(resource)),
    ...coursesOf(entries, today),
  ];
  ruled.forEach((left, at) => {
    for (const right of ruled.slice(at + 1)) {
      if (!left.arrived && !right.arrived) continue;
      for (const finding of findingsOf(left, right, facts, today)) findings.set(finding.key, finding);
    }
  });
  return [...gatherUnchecked([...findings.values()])].sort(
    (left, right) => severityOrder(left) - severityOrder(right) || compare(left.key, right.key),
  );
}

/**
 * One finding for each entry that no rule can read, whatever it met: an imported allergy in words only beside eighty
 * medicines is one task for a person, not eighty. All who wrote what it met are told.
 */
function gatherUnchecked(findings: readonly CombinedFinding[]): readonly CombinedFinding[] {
  const gathered = new Map<string, CombinedFinding>();
  const rest: CombinedFinding[] = [];
  for (const finding of [...findings].sort((left, right) => compare(left.key, right.key))) {
    const about = finding.kind === 'not-checked' ? finding.unreadable : undefined;
    const known = about === undefined ? undefined : gathered.get(about);
    if (about === undefined) rest.push(finding);
    else if (!known) gathered.set(about, finding);
    else {
      const more = finding.tell.filter(({ id }) => !known.tell.some((author) => author.id === id));
      gathered.set(about, { ...known, tell: [...known.tell, ...more] });
    }
  }
  return [...rest, ...gathered.values()];
}

/** Allergies, vaccines and what was given; medicines in use are ruled by course. */
function isRuledByItself(resource: Resource): boolean {
  return resource.resourceType === 'AllergyIntolerance' || isGiven(resource);
}

/**
 * One entry a course of treatment: a statement, its plan and its orders are one medicine, not four. What has just arrived
 * speaks for the course, else what was recorded last.
 */
function coursesOf(entries: readonly SafetyEntry[], today: string): SafetyEntry[] {
  const inUse = entries.filter(
    ({ resource }) => isMedication(resource) && !isGiven(resource) && isInUse(resource, today),
  );
  const courseOf = new Map<string, string>();
  const rootOf = (reference: string): string => {
    const next = courseOf.get(reference) ?? reference;
    return next === reference ? reference : rootOf(next);
  };
  for (const { resource } of inUse) {
    for (const target of referencesOf(resource)) courseOf.set(rootOf(referenceOf(resource)), rootOf(target));
  }
  const courses = new Map<string, SafetyEntry>();
  for (const entry of [...inUse].sort(compareForCourse)) {
    const root = rootOf(referenceOf(entry.resource));
    if (!courses.has(root)) courses.set(root, entry);
  }
  return [...courses.values()];
}

function compareForCourse(left: SafetyEntry, right: SafetyEntry): number {
  if (left.arrived !== right.arrived) return left.arrived ? -1 : 1;
  return (
    compare(right.recorded, left.recorded) || compare(referenceOf(left.resource), referenceOf(right.resource))
  );
}

function referencesOf(resource: Resource): string[] {
  const references =
    resource.resourceType === 'MedicationRequest'
      ? [...(resource.basedOn ?? []), resource.priorPrescription]
      : resource.resourceType === 'MedicationStatement'
        ? [...(resource.basedOn ?? []), ...(resource.derivedFrom ?? [])]
        : [];
  return references.flatMap((reference) =>
    reference?.reference !== undefined && /^Medication(?:Request|Statement)\//.test(reference.reference)
      ? [reference.reference]
      : [],
  );
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

type Plain = Pick<CombinedFinding, 'kind' | 'severity' | 'words' | 'unreadable'>;

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
  if (isMedication(left) && isMedication(right) && isInUse(left, today) && isInUse(right, today)) {
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
    const [unreadable, name] = allergen ? [referenceOf(medication), medicine] : [referenceOf(allergy), agent];
    const words = `${name} cannot be checked automatically. It met ${allergen ? agent : medicine}.`;
    return [{ kind: 'not-checked', severity: 'caution', words, unreadable }];
  }
  return matchAllergen(allergen, medicine, ingredients, facts).map((finding) => ({
    kind: 'allergy',
    severity: finding.kind === 'cross-reaction' && !severe ? 'caution' : 'serious',
    words: finding.words,
  }));
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
