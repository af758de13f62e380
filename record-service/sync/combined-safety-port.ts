import type { ResourceJson } from '../../domain/sync/operation.ts';

/** Something that work made apart does together, e.g. a penicillin meeting a penicillin allergy. */
export interface SafetyFinding {
  /** The same for the same pair and rule, so that a replay makes no second task. */
  readonly key: string;
  /** Name of the rule that found it. */
  readonly code: string;
  readonly severity: 'serious' | 'caution';
  /** A clinical sentence. */
  readonly text: string;
  /** `Type/id` of what met. */
  readonly resources: readonly string[];
}

export interface MeetingEntry {
  readonly resource: ResourceJson;
  readonly author: { readonly id: string; readonly name: string };
  /** ISO 8601 instant. */
  readonly recorded: string;
}

/** What met: this save, and what other authors wrote without its author having seen it. */
interface MeetingWork {
  readonly mine: readonly MeetingEntry[];
  readonly others: readonly MeetingEntry[];
  /** YYYY-MM-DD */
  readonly today: string;
}

/** I16: allergy, interaction and duplicate rules over work that was made apart. */
export type CombinedSafetyRules = (meeting: MeetingWork) => readonly SafetyFinding[];

/** The resources that such rules look at. */
export const safetyRelevantTypes: readonly string[] = [
  'AllergyIntolerance',
  'MedicationRequest',
  'MedicationStatement',
  'MedicationAdministration',
  'Immunization',
];
