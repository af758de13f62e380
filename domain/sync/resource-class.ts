/** How work made apart on one resource is settled (sync.md, Conflicts): one class of rules for each kind of record. */
export type ConflictClass =
  'append-only' | 'narrative' | 'safety-list' | 'medication' | 'demographics' | 'workflow' | 'other';

const classes: Readonly<Record<string, ConflictClass>> = {
  Observation: 'append-only',
  DocumentReference: 'append-only',
  Communication: 'append-only',
  Immunization: 'append-only',
  AuditEvent: 'append-only',
  Provenance: 'append-only',
  DiagnosticReport: 'append-only',
  Procedure: 'append-only',
  QuestionnaireResponse: 'append-only',
  Composition: 'narrative',
  Encounter: 'narrative',
  AllergyIntolerance: 'safety-list',
  Condition: 'safety-list',
  Flag: 'safety-list',
  Consent: 'safety-list',
  MedicationRequest: 'medication',
  MedicationStatement: 'medication',
  MedicationDispense: 'medication',
  MedicationAdministration: 'medication',
  Patient: 'demographics',
  RelatedPerson: 'demographics',
  Task: 'workflow',
  Appointment: 'workflow',
  ServiceRequest: 'workflow',
  Slot: 'workflow',
};

/** What stands in no list is treated as strictly as a safety list: nothing is merged by itself. */
export function conflictClassOf(resourceType: string): ConflictClass {
  return classes[resourceType] ?? 'other';
}
