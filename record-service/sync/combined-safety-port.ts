import type { ResourceJson } from '../../domain/sync/operation.ts';

/** Something that work made apart does together, e.g. a penicillin meeting a penicillin allergy. */
export interface SafetyFinding {
  /** Stable name of the rule that found it. */
  readonly code: string;
  /** A clinical sentence. */
  readonly text: string;
  /** `Type/id` of what met. */
  readonly resources: readonly string[];
}

/** What met: this save, and what other authors wrote without its author having seen it. */
export interface MeetingWork {
  readonly mine: readonly ResourceJson[];
  readonly others: readonly ResourceJson[];
}

/** I16: allergy, interaction and duplicate rules over work that was made apart. Pure; domain/clinical has them. */
export type CombinedSafetyRules = (meeting: MeetingWork) => readonly SafetyFinding[];

/** The resources that such rules look at. */
export const safetyRelevantTypes: readonly string[] = [
  'AllergyIntolerance',
  'MedicationRequest',
  'MedicationStatement',
  'MedicationAdministration',
  'Immunization',
];
