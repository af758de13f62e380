/**
 * Names that changed between STU3 and R4. Only identifiers of the same thing stand here: HL7's own code systems,
 * which R4 moved to terminology.hl7.org, and CareConnect extensions that UK Core carries on under a new URL.
 * UK Core retired ActualProblem, ProblemSignificance, RelatedClinicalContent and RelatedProblemHeader as belonging
 * to GP Connect, so those keep their CareConnect URLs.
 */
const HL7_TERMINOLOGY = 'http://terminology.hl7.org/CodeSystem/';

const MOVED_SYSTEMS: ReadonlySet<string> = new Set([
  'list-order',
  'list-empty-reason',
  'data-absent-reason',
  'condition-category',
  'observation-category',
  'referencerange-meaning',
  'location-physical-type',
  'organization-type',
  'encounter-type',
  'diagnosis-role',
  'admit-source',
  'discharge-disposition',
  'reason-medication-given',
  'immunization-origin',
  'allergy-intolerance-substance-exposure-risk',
]);

/** The R4 name of an STU3 code system; the same text where nothing changed. */
export function codeSystemInR4(system: string): string {
  const table = /^http:\/\/hl7\.org\/fhir\/(v[23])\/([A-Za-z0-9-]+)$/.exec(system);
  if (table?.[1] && table[2]) return `${HL7_TERMINOLOGY}${table[1]}-${table[2]}`;
  const name = /^http:\/\/hl7\.org\/fhir\/([a-z-]+)$/.exec(system)?.[1];
  return name && MOVED_SYSTEMS.has(name) ? HL7_TERMINOLOGY + name : system;
}

const UK_CORE = 'https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-';

export const UK_CORE_EXTENSION = {
  listWarningCode: `${UK_CORE}ListWarningCode`,
  medicationRepeatInformation: `${UK_CORE}MedicationRepeatInformation`,
  medicationPrescribingOrganizationType: `${UK_CORE}MedicationPrescribingOrganizationType`,
  medicationStatementLastIssueDate: `${UK_CORE}MedicationStatementLastIssueDate`,
  nhsNumberVerificationStatus: `${UK_CORE}NHSNumberVerificationStatus`,
  codingDescriptionId: `${UK_CORE}CodingSCTDescId`,
  vaccinationProcedure: `${UK_CORE}VaccinationProcedure`,
  parentPresent: `${UK_CORE}ParentPresent`,
  mainLocation: `${UK_CORE}MainLocation`,
  ethnicCategory: `${UK_CORE}EthnicCategory`,
  deathNotificationStatus: `${UK_CORE}DeathNotificationStatus`,
  allergyIntoleranceEnd: `${UK_CORE}AllergyIntoleranceEnd`,
  evidence: `${UK_CORE}Evidence`,
  birthSex: `${UK_CORE}BirthSex`,
} as const;

const CARE_CONNECT = 'https://fhir.hl7.org.uk/STU3/StructureDefinition/Extension-CareConnect-';
const CARE_CONNECT_GPC = 'https://fhir.nhs.uk/STU3/StructureDefinition/Extension-CareConnect-GPC-';

export const SOURCE_EXTENSION = {
  actualProblem: `${CARE_CONNECT}ActualProblem-1`,
  problemSignificance: `${CARE_CONNECT}ProblemSignificance-1`,
  relatedClinicalContent: `${CARE_CONNECT}RelatedClinicalContent-1`,
  relatedProblemHeader: `${CARE_CONNECT}RelatedProblemHeader-1`,
  dateRecorded: `${CARE_CONNECT}DateRecorded-1`,
  prescriptionType: `${CARE_CONNECT_GPC}PrescriptionType-1`,
  medicationStatusReason: `${CARE_CONNECT_GPC}MedicationStatusReason-1`,
  listWarningCode: `${CARE_CONNECT_GPC}ListWarningCode-1`,
  nhsCommunication: `${CARE_CONNECT_GPC}NHSCommunication-1`,
  associatedEncounter: 'http://hl7.org/fhir/StructureDefinition/encounter-associatedEncounter',
} as const;

const RENAMED_EXTENSIONS: ReadonlyMap<string, string> = new Map([
  [SOURCE_EXTENSION.listWarningCode, UK_CORE_EXTENSION.listWarningCode],
  [`${CARE_CONNECT_GPC}MedicationRepeatInformation-1`, UK_CORE_EXTENSION.medicationRepeatInformation],
  [`${CARE_CONNECT_GPC}PrescribingAgency-1`, UK_CORE_EXTENSION.medicationPrescribingOrganizationType],
  [
    `${CARE_CONNECT_GPC}MedicationStatementLastIssueDate-1`,
    UK_CORE_EXTENSION.medicationStatementLastIssueDate,
  ],
  [`${CARE_CONNECT_GPC}NHSNumberVerificationStatus-1`, UK_CORE_EXTENSION.nhsNumberVerificationStatus],
  [`${CARE_CONNECT}NHSNumberVerificationStatus-1`, UK_CORE_EXTENSION.nhsNumberVerificationStatus],
  [
    'https://fhir.nhs.uk/STU3/StructureDefinition/Extension-coding-sctdescid',
    UK_CORE_EXTENSION.codingDescriptionId,
  ],
  [
    'https://fhir.hl7.org.uk/STU3/StructureDefinition/Extension-coding-sctdescid',
    UK_CORE_EXTENSION.codingDescriptionId,
  ],
  [`${CARE_CONNECT}VaccinationProcedure-1`, UK_CORE_EXTENSION.vaccinationProcedure],
  [`${CARE_CONNECT}ParentPresent-1`, UK_CORE_EXTENSION.parentPresent],
  [`${CARE_CONNECT_GPC}MainLocation-1`, UK_CORE_EXTENSION.mainLocation],
  [`${CARE_CONNECT}MainLocation-1`, UK_CORE_EXTENSION.mainLocation],
  [`${CARE_CONNECT}EthnicCategory-1`, UK_CORE_EXTENSION.ethnicCategory],
  [`${CARE_CONNECT}DeathNotificationStatus-1`, UK_CORE_EXTENSION.deathNotificationStatus],
  [`${CARE_CONNECT}AllergyIntoleranceEnd-1`, UK_CORE_EXTENSION.allergyIntoleranceEnd],
  [`${CARE_CONNECT}Evidence-1`, UK_CORE_EXTENSION.evidence],
]);

/** The UK Core URL of a CareConnect extension; the same URL where UK Core has none. */
export function extensionUrlInR4(url: string): string {
  return RENAMED_EXTENSIONS.get(url) ?? url;
}

const OWN = 'https://gladstone.example/fhir/StructureDefinition/';

/** Extensions of our own, for facts of a source that R4 has no place for. */
export const IMPORT_EXTENSION = {
  /** `path` and `json` of an element that R4 has no place for, as the source wrote it. */
  sourceElement: `${OWN}source-element`,
  /** Of a Composition section: `id`, `date`, `status`, `note` of the List that it was. */
  sourceList: `${OWN}source-list`,
  /** Marks a section that only holds entries which stood between headings, without a heading of their own. */
  entriesWithoutHeading: `${OWN}entries-without-heading`,
  onBehalfOf: `${OWN}requester-on-behalf-of`,
  taken: `${OWN}medication-taken`,
} as const;

/** CodeSystem of Flag.category for warnings that a record is not whole (docs/decisions). */
export const RECORD_COMPLETENESS_SYSTEM = 'https://gladstone.example/fhir/CodeSystem/record-completeness';
/** Identifier system of references that named something which is not in the imported file. */
export const UNRESOLVED_REFERENCE_SYSTEM = 'https://gladstone.example/fhir/Id/source-reference';
