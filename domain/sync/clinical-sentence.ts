import { sameJson } from './canonical-json.ts';
import type {
  Author,
  MergeRule,
  Operation,
  RejectionCode,
  ResourceJson,
  Role,
  StandingAuthor,
} from './operation.ts';

/**
 * Sentences that tell a clinician what met: who did what to which entry. Built from the two versions and the
 * author's own difference; where the words cannot be found, the sentence says less, never something else.
 */

/** What happened from `before` to `after`, as words that follow a person's name: `stopped Amoxicillin 500 mg`. */
export function changeWords(before: ResourceJson | null, after: ResourceJson | null): string {
  if (after === null) return before === null ? 'deleted an entry' : `deleted ${entryWords(before)}`;
  const entry = entryWords(after);
  if (before === null) return `recorded ${entry}`;
  const status = statusOf(after);
  if (status !== statusOf(before)) {
    const verb = statusVerbs[status ?? ''];
    if (verb !== undefined) return `${verb} ${entry}`;
  }
  const dose = doseWords(before, after);
  if (dose !== null) return dose;
  if (status !== statusOf(before)) return `set ${entry} to "${status ?? 'no status'}"`;
  return sameJson(before, after) ? `left ${entry} as it was` : `changed ${entry}`;
}

/** The entry in words: the author's own text, else the term, else what kind of entry it is. */
export function entryWords(resource: ResourceJson): string {
  const text =
    conceptText(resource['medicationCodeableConcept']) ??
    conceptText(resource['code']) ??
    conceptText(resource['vaccineCode']) ??
    textOf(resource['title']) ??
    textOf(resource['description']);
  const kind = kindWords[resource.resourceType] ?? 'entry';
  if (text === null) return resource.resourceType === 'Patient' ? 'the patient’s details' : withArticle(kind);
  return resource.resourceType.startsWith('Medication') ? text : `the ${kind} ${text}`;
}

/** The version that the author had before them, as far as the difference tells it. */
function baseOf(operation: Pick<Operation, 'kind' | 'after' | 'diff'>): ResourceJson | null {
  const { after } = operation;
  if (after === undefined || operation.kind === 'create' || operation.kind === 'append') return null;
  const base: Record<string, unknown> = { ...after };
  for (const { path, before, after: changed } of operation.diff) {
    const element = /^([A-Za-z]+)(\[.*\])?$/.exec(path);
    const name = element?.[1];
    if (name === undefined || path.endsWith('[order]')) continue;
    if (element?.[2] === undefined) base[name] = before;
    else base[name] = withoutElement(base[name], changed).concat(before === undefined ? [] : [before]);
  }
  return base as ResourceJson;
}

export interface MetWork {
  readonly mine: {
    readonly author: Pick<Author, 'name' | 'role'>;
    readonly operation: Pick<Operation, 'kind' | 'after' | 'diff'>;
  };
  readonly theirs: {
    readonly author: string | null;
    readonly resource: ResourceJson | null;
    /** Who wrote it, where the service says so: this is known, not read off the entry. */
    readonly standing?: Pick<StandingAuthor, 'name' | 'role'>;
  };
  readonly rule: MergeRule;
}

/** e.g. `A colleague stopped Warfarin 3 mg; the nurse Ruth Ellison raised the dose of Warfarin 3 mg from … to ….` */
export function conflictSentence({ mine, theirs }: MetWork): string {
  const base = baseOf(mine.operation);
  const theirWords = changeWords(base, theirs.resource);
  const myWords = changeWords(base, mine.operation.after ?? null);
  const { standing } = theirs;
  const theirName = standing === undefined ? changerOf(theirs.author, base) : namedWithRole(standing);
  return `${theirName ?? 'A colleague'} ${theirWords}; ${roleWords[mine.author.role]} ${mine.author.name} ${myWords}.`;
}

/** `The nurse Ruth Ellison`, at the beginning of a sentence. */
function namedWithRole({ name, role }: Pick<StandingAuthor, 'name' | 'role'>): string {
  const words = (roleWords as Readonly<Record<string, string>>)[role];
  return words === undefined ? name : `${words.slice(0, 1).toUpperCase()}${words.slice(1)} ${name}`;
}

/**
 * Who changed it, where the entry tells: a name that the version before did not bear. The person who once recorded an
 * entry is named in it for good, and must not be said to have done what somebody else did to it.
 */
function changerOf(named: string | null, base: ResourceJson | null): string | null {
  return named === null || named === namedAuthor(base) ? null : named;
}

/** Who wrote the version that stands at the service, as far as the two versions tell; null where they do not. */
export function theirAuthor(
  operation: Pick<Operation, 'kind' | 'after' | 'diff'>,
  current: ResourceJson | null,
): string | null {
  return changerOf(namedAuthor(current), baseOf(operation));
}

/** The rule that was applied, as a sentence, and what shows until somebody has decided. */
export const ruleWords: Readonly<Record<MergeRule, string>> = {
  'append-only': 'Entries of this kind are never overwritten. Both are kept.',
  'status-correction': 'Marking an entry as wrong always holds.',
  'signed-narrative-addendum': 'A signed consultation is never changed. The later words are kept beside it.',
  'safety-list-never-merged':
    'Allergies, problems and alerts are never merged by the computer. Both versions show until somebody decides.',
  'medication-never-merged':
    'Medication is never merged by the computer. It shows as disputed and counts as current for nobody until somebody decides.',
  'demographics-disjoint': 'The two changes concerned different details. Both were taken.',
  'demographics-same-element':
    'Both changed the same detail. The one that stood first shows until somebody decides.',
  'pds-owned-element': 'This detail belongs to the national record and is changed there.',
  'workflow-transition': 'Both steps were possible and were taken.',
  'workflow-illegal-transition': 'This step is not possible from where it stands now.',
  'draft-of-another-author': 'An unsigned consultation belongs to its author. Both texts are kept.',
  'changed-meanwhile': 'It had been changed since you opened it. Both versions are kept.',
  'deleted-while-edited':
    'It had been removed since you opened it. Your version is kept and can be put back.',
  'previous-operation-conflicted': 'It builds on an earlier change of yours that waits for a decision.',
  'patient-merged': 'The patient’s record was joined with another. The work is kept there for review.',
  'same-content': 'The same had been recorded already.',
};

export const rejectionWords: Readonly<Record<RejectionCode, string>> = {
  'invalid-resource': 'The record service could not take this entry: something in it is not valid.',
  'wrong-patient': 'The entry and the banner named different patients. It was not filed anywhere.',
  'author-not-authorised': 'The record service does not let its author record this here.',
  'signature-invalid': 'The signature could not be confirmed.',
  'hash-mismatch': 'The same save had arrived before with another content.',
  'device-revoked': 'This computer’s access was withdrawn before it arrived.',
  'device-forked': 'A copy of this computer’s profile has sent work under the same numbers.',
  'group-incomplete': 'Part of the save is missing.',
  'schema-too-new': 'The record service is older than this program and cannot read it yet.',
  'unknown-base': 'The entry that it changes is not known to the record service.',
};

export const roleWords: Readonly<Record<Role, string>> = {
  gp: 'the GP',
  nurse: 'the nurse',
  locum: 'the locum',
  receptionist: 'the receptionist',
  administrator: 'the administrator',
};

/** Whoever the resource itself names as its author; null where it names nobody. */
export function namedAuthor(resource: ResourceJson | null): string | null {
  if (resource === null) return null;
  for (const element of ['requester', 'recorder', 'asserter', 'author', 'performer', 'sender']) {
    const value = resource[element];
    const first: unknown = Array.isArray(value) ? value[0] : value;
    const display = propertyOf(first, 'display') ?? propertyOf(propertyOf(first, 'actor'), 'display');
    if (typeof display === 'string' && display !== '') return display;
  }
  return null;
}

const statusVerbs: Readonly<Record<string, string>> = {
  stopped: 'stopped',
  cancelled: 'cancelled',
  completed: 'completed',
  'on-hold': 'suspended',
  'entered-in-error': 'marked as entered in error',
  resolved: 'marked as resolved',
  inactive: 'marked as inactive',
  active: 'marked as active',
  retired: 'withdrew',
};

const kindWords: Readonly<Record<string, string>> = {
  AllergyIntolerance: 'allergy',
  Condition: 'problem',
  Flag: 'alert',
  Observation: 'observation',
  MedicationRequest: 'medicine',
  MedicationStatement: 'medicine',
  Composition: 'consultation',
  Encounter: 'consultation',
  Task: 'task',
  Appointment: 'appointment',
  DocumentReference: 'document',
  Immunization: 'vaccination',
  Questionnaire: 'template',
  Basic: 'setting of the practice',
};

function withArticle(word: string): string {
  return /^[aeiou]/.test(word) ? `an ${word}` : `a ${word}`;
}

function doseWords(before: ResourceJson, after: ResourceJson): string | null {
  const from = dosageText(before);
  const to = dosageText(after);
  if (from === null || to === null || from === to) return null;
  const [low, high] = [firstNumber(from), firstNumber(to)];
  const verb = low === null || high === null || low === high ? 'changed' : high > low ? 'raised' : 'lowered';
  return `${verb} the dose of ${entryWords(after)} from "${from}" to "${to}"`;
}

function dosageText(resource: ResourceJson): string | null {
  const dosages = resource['dosageInstruction'] ?? resource['dosage'];
  return Array.isArray(dosages) ? textOf(propertyOf(dosages[0], 'text')) : null;
}

function firstNumber(text: string): number | null {
  const found = /\d+(?:\.\d+)?/.exec(text);
  return found === null ? null : Number(found[0]);
}

function statusOf(resource: ResourceJson): string | null {
  const coding = propertyOf(resource['clinicalStatus'], 'coding');
  const clinical: unknown = Array.isArray(coding) ? propertyOf(coding[0], 'code') : undefined;
  return textOf(clinical) ?? textOf(resource['status']);
}

function conceptText(concept: unknown): string | null {
  const coding = propertyOf(concept, 'coding');
  const first: unknown = Array.isArray(coding) ? coding[0] : undefined;
  return textOf(propertyOf(concept, 'text')) ?? textOf(propertyOf(first, 'display'));
}

function withoutElement(list: unknown, element: unknown): unknown[] {
  return Array.isArray(list) ? list.filter((item) => element === undefined || !sameJson(item, element)) : [];
}

function propertyOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
