import { copyRequester } from './convert-administration.ts';
import type { ElementConversion } from './element-conversion.ts';
import { firstCode, isObject, objectOf, objectsOf, textOf } from './source.ts';
import type { Json, JsonObject } from './source.ts';
import { IMPORT_EXTENSION, SOURCE_EXTENSION, UK_CORE_EXTENSION } from './systems.ts';

/** Medicines as GP Connect sends them: a statement (what the patient has), a plan, and an order for each issue. */

const COURSE_SYSTEM = 'http://terminology.hl7.org/CodeSystem/medicationrequest-course-of-therapy';
const COURSES: Readonly<Record<string, { system: string; code: string; display: string }>> = {
  acute: { system: COURSE_SYSTEM, code: 'acute', display: 'Short course (acute) therapy' },
  repeat: { system: COURSE_SYSTEM, code: 'continuous', display: 'Continuous long term therapy' },
  'repeat-dispensing': {
    system: 'https://fhir.nhs.uk/CodeSystem/medicationrequest-course-of-therapy',
    code: 'continuous-repeat-dispensing',
    display: 'Continuous long term (repeat dispensing)',
  },
};

export function convertMedicationRequest(conversion: ElementConversion): void {
  for (const name of ['identifier', 'basedOn', 'groupIdentifier', 'subject', 'authoredOn', 'recorder']) {
    conversion.copy(name);
  }
  conversion.copyCode(
    'status',
    ['active', 'on-hold', 'cancelled', 'completed', 'entered-in-error', 'stopped', 'draft', 'unknown'],
    'unknown',
  );
  conversion.copyCode('intent', ['proposal', 'plan', 'order', 'instance-order']);
  conversion.copyCode('priority', ['routine', 'urgent', 'stat', 'asap']);
  conversion.copyToList('category');
  copyMedicine(conversion);
  conversion.copy('context', 'encounter');
  conversion.copy('supportingInformation');
  copyRequester(conversion, IMPORT_EXTENSION.onBehalfOf);
  for (const name of ['reasonCode', 'reasonReference', 'note', 'dispenseRequest', 'priorPrescription']) {
    conversion.copy(name);
  }
  copyDosage(conversion, 'dosageInstruction', 'dosageInstruction');
  const substitution = objectOf(conversion.take('substitution'));
  if (substitution) {
    const { allowed, ...rest } = substitution;
    const carried = conversion.carry(rest, 'substitution');
    conversion.set('substitution', {
      ...(isObject(carried) && carried),
      allowedBoolean: allowed === true,
    });
  }
  for (const name of ['detectedIssue', 'eventHistory']) conversion.copy(name);
  copyCourse(conversion);
  const reason = objectsOf(conversion.peek('extension')).find(
    (extension) => extension['url'] === SOURCE_EXTENSION.medicationStatusReason,
  );
  const why = objectsOf(reason?.['extension']).find((part) => part['url'] === 'statusReason');
  if (why) conversion.set('statusReason', conversion.carry(why['valueCodeableConcept'], 'statusReason'));
  renameIssued(conversion);
}

export function convertMedicationStatement(conversion: ElementConversion): void {
  for (const name of ['identifier', 'basedOn', 'partOf', 'context', 'category', 'subject', 'dateAsserted']) {
    conversion.copy(name);
  }
  const taken = textOf(conversion.take('taken'));
  const status = conversion.copyCode(
    'status',
    ['active', 'completed', 'entered-in-error', 'intended', 'stopped', 'on-hold'],
    'unknown',
  );
  // R4 folds STU3's `taken` into the status; only a plain "no" changes it, and only of a current medicine.
  if (taken === 'n' && status === 'active') conversion.set('status', 'not-taken');
  if (taken !== undefined) conversion.append('extension', { url: IMPORT_EXTENSION.taken, valueCode: taken });
  copyMedicine(conversion);
  conversion.copyChoice('effective');
  for (const name of ['informationSource', 'derivedFrom', 'reasonCode', 'reasonReference', 'note']) {
    conversion.copy(name);
  }
  conversion.copy('reasonNotTaken', 'statusReason');
  copyDosage(conversion, 'dosage', 'dosage');
}

/**
 * The medicine's code becomes part of the entry itself, so that no other source's Medication can ever change what was
 * prescribed; a Medication that says more than a code is kept whole besides (convert-bundle.ts).
 */
function copyMedicine(conversion: ElementConversion): void {
  const written = conversion.peek('medicationReference');
  const reference = textOf(objectOf(written)?.['reference']);
  if (reference === undefined) {
    conversion.copyChoice('medication');
    return;
  }
  const resolved = conversion.index.resolve(reference, conversion.entry);
  const code = resolved.kind === 'entry' ? resolved.entry.resource['code'] : undefined;
  if (resolved.kind !== 'entry' || resolved.entry.type !== 'Medication' || code === undefined) {
    conversion.copy('medicationReference');
    return;
  }
  conversion.take('medicationReference');
  const display = textOf(objectOf(written)?.['display']);
  const concept = conversion.carry(code, 'code');
  conversion.set(
    'medicationCodeableConcept',
    isObject(concept) && concept['text'] === undefined && display !== undefined
      ? { ...concept, text: display }
      : concept,
  );
}

export function isOnlyCode(medication: JsonObject): boolean {
  return Object.keys(medication).every((key) => ['resourceType', 'id', 'meta', 'code'].includes(key));
}

/** STU3 puts dose and rate beside the text; R4 into `doseAndRate`. */
function copyDosage(conversion: ElementConversion, name: string, as: string): void {
  const written = conversion.take(name);
  const dosages = Array.isArray(written)
    ? (written as readonly Json[])
    : written === undefined
      ? []
      : [written];
  for (const dosage of dosages) {
    const carried = conversion.carry(dosage, name);
    if (!isObject(carried)) continue;
    const plain: Record<string, unknown> = {};
    const doseAndRate: Record<string, unknown> = {};
    for (const [key, value] of Object.entries(carried)) {
      (/^(dose|rate)(Range|Quantity|Ratio)$/.test(key) ? doseAndRate : plain)[key] = value;
    }
    if (Object.keys(doseAndRate).length > 0) plain['doseAndRate'] = [doseAndRate];
    conversion.append(as, plain);
  }
}

/** Acute, repeat or repeat dispensing: R4 has an element for it; the source's own coding stays beside R4's. */
function copyCourse(conversion: ElementConversion): void {
  const type = conversion.takeExtension(SOURCE_EXTENSION.prescriptionType);
  const concept = conversion.carry(type?.['valueCodeableConcept'], 'courseOfTherapyType');
  if (!isObject(concept)) return;
  const course = COURSES[firstCode(concept) ?? ''];
  conversion.set('courseOfTherapyType', {
    ...concept,
    coding: [...objectsOf(concept['coding']), ...(course ? [course] : [])],
  });
}

/** UK Core calls the number of issues `numberOfPrescriptionsIssued`; the number allowed keeps its name. */
function renameIssued(conversion: ElementConversion): void {
  const url =
    'https://fhir.nhs.uk/STU3/StructureDefinition/Extension-CareConnect-GPC-MedicationRepeatInformation-1';
  const repeat = conversion.takeExtension(url);
  const parts = objectsOf(conversion.carry(repeat?.['extension'], 'extension'));
  if (parts.length === 0) return;
  conversion.append('extension', {
    url: UK_CORE_EXTENSION.medicationRepeatInformation,
    extension: parts.map((part) => ({
      ...part,
      url: part['url'] === 'numberOfRepeatPrescriptionsIssued' ? 'numberOfPrescriptionsIssued' : part['url'],
    })),
  });
}
