import * as administration from './convert-administration.ts';
import * as clinical from './convert-clinical.ts';
import * as documents from './convert-documents.ts';
import { convertList } from './convert-list.ts';
import { convertMedicationRequest, convertMedicationStatement } from './convert-medication.ts';
import type { ElementConversion } from './element-conversion.ts';

type Converter = (conversion: ElementConversion) => void;

/** The types that are converted, by their STU3 name, and what they become. Any other type is kept whole. */
export const CONVERTERS: Readonly<Record<string, { readonly type: string; readonly convert: Converter }>> = {
  Patient: { type: 'Patient', convert: administration.convertPatient },
  Practitioner: { type: 'Practitioner', convert: administration.convertPractitioner },
  PractitionerRole: { type: 'PractitionerRole', convert: administration.convertPractitionerRole },
  Organization: { type: 'Organization', convert: administration.convertOrganization },
  Location: { type: 'Location', convert: administration.convertLocation },
  HealthcareService: { type: 'HealthcareService', convert: administration.convertHealthcareService },
  RelatedPerson: { type: 'RelatedPerson', convert: administration.convertRelatedPerson },
  AllergyIntolerance: { type: 'AllergyIntolerance', convert: clinical.convertAllergyIntolerance },
  Condition: { type: 'Condition', convert: clinical.convertCondition },
  Observation: { type: 'Observation', convert: clinical.convertObservation },
  Immunization: { type: 'Immunization', convert: clinical.convertImmunization },
  Procedure: { type: 'Procedure', convert: clinical.convertProcedure },
  FamilyMemberHistory: { type: 'FamilyMemberHistory', convert: clinical.convertFamilyMemberHistory },
  ProcedureRequest: { type: 'ServiceRequest', convert: clinical.convertProcedureRequest },
  ReferralRequest: { type: 'ServiceRequest', convert: clinical.convertReferralRequest },
  MedicationRequest: { type: 'MedicationRequest', convert: convertMedicationRequest },
  MedicationStatement: { type: 'MedicationStatement', convert: convertMedicationStatement },
  Encounter: { type: 'Encounter', convert: documents.convertEncounter },
  DocumentReference: { type: 'DocumentReference', convert: documents.convertDocumentReference },
  DiagnosticReport: { type: 'DiagnosticReport', convert: documents.convertDiagnosticReport },
  Specimen: { type: 'Specimen', convert: documents.convertSpecimen },
  QuestionnaireResponse: { type: 'QuestionnaireResponse', convert: documents.convertQuestionnaireResponse },
  List: { type: 'List', convert: convertList },
};

export function typeInR4(type: string): string {
  return CONVERTERS[type]?.type ?? type;
}
