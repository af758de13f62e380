import type { Extension } from '@medplum/fhirtypes';

/** Extensions that the record carries: UK Core's, GP Connect's (which UK Core left to it) and our own. */
const UK_CORE = 'https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-';
const CARE_CONNECT = 'https://fhir.hl7.org.uk/STU3/StructureDefinition/Extension-CareConnect-';
const OWN = 'https://gladstone.example/fhir/StructureDefinition/';

export const EXTENSION = {
  medicationRepeatInformation: `${UK_CORE}MedicationRepeatInformation`,
  prescribingOrganizationType: `${UK_CORE}MedicationPrescribingOrganizationType`,
  lastIssueDate: `${UK_CORE}MedicationStatementLastIssueDate`,
  allergyEnd: `${UK_CORE}AllergyIntoleranceEnd`,
  problemSignificance: `${CARE_CONNECT}ProblemSignificance-1`,
  relatedClinicalContent: `${CARE_CONNECT}RelatedClinicalContent-1`,
  actualProblem: `${CARE_CONNECT}ActualProblem-1`,
  /** On any resource with status entered-in-error: why, in the author's words. */
  enteredInErrorReason: `${OWN}entered-in-error-reason`,
  /** Beside it: who marked it and when, `author` and `when` parts. */
  enteredInErrorBy: `${OWN}entered-in-error-by`,
  /** `new` or `ongoing`: whether this entry begins an episode. */
  episode: `${OWN}episode`,
  /** Of a Composition section: entries without a heading of their own keep their place in it. */
  entriesWithoutHeading: `${OWN}entries-without-heading`,
  /** How an entry came to be recorded: `late-entry`, `from-paper`. */
  recordedHow: `${OWN}recorded-how`,
  /** The last day (FHIR date) on which an answer holds; then it is asked again. */
  holdsUntil: `${OWN}holds-until`,
  /** What an entry said before it was corrected: `was`, `when`, `author` and `reason` parts, one extension a correction. */
  correction: `${OWN}correction`,
  /** Who else was there, consent, capacity, chaperone: `kind` and `text` parts. */
  circumstance: `${OWN}circumstance`,
  /** Of a medicine: what spoke against it when it was recorded: `warning` parts and one `reason`. */
  recordedAlthough: `${OWN}recorded-although`,
  /** Of a RelatedPerson who speaks for the patient: `by`, `scope` and `until` parts. */
  proxyAuthority: `${OWN}proxy-authority`,
  /** Of a Composition: a template that it was written by: `key`, `name` and `version` parts. */
  templateUsed: `${OWN}template-used`,
} as const;

interface Extensible {
  readonly extension?: readonly Extension[];
}

export function extensionOf(element: Extensible | undefined, url: string): Extension | undefined {
  return element?.extension?.find((extension) => extension.url === url);
}

export function extensionsOf(element: Extensible | undefined, url: string): readonly Extension[] {
  return element?.extension?.filter((extension) => extension.url === url) ?? [];
}
