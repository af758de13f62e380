import type {
  CodeableConcept,
  MedicationStatement,
  Observation,
  Immunization,
  Resource,
} from '@medplum/fhirtypes';
import { twoDigits } from '../../domain/fhir/civil-date.ts';
import { conceptText } from '../../domain/fhir/codeable-concept.ts';
import { writtenOf } from '../../domain/fhir/exact-json.ts';
import { parsePartialDate, sortKeyOf } from '../../domain/fhir/partial-date.ts';
import { quantityWritten } from '../../domain/fhir/quantity.ts';
import { doseText } from '../../domain/record/medicine-words.ts';
import { UK_CORE_EXTENSION } from '../import/systems.ts';

/** One line of words for an entry, escaped. */
export function entryLine(resource: Resource | undefined, display: string | undefined): string {
  if (resource === undefined) return escape(display ?? 'An entry that is not in this record');
  if (resource.resourceType === 'Observation') return observationLine(resource);
  if (resource.resourceType === 'Condition' || resource.resourceType === 'AllergyIntolerance') {
    return line(words(resource.code), codeOf(resource.clinicalStatus));
  }
  if (resource.resourceType === 'MedicationStatement') return medicineLine(resource);
  if (resource.resourceType === 'MedicationRequest') {
    const { medicationCodeableConcept: medicine, dosageInstruction, status } = resource;
    return line(words(medicine), doseText(dosageInstruction) ?? undefined, status);
  }
  if (resource.resourceType === 'DocumentReference') {
    return line(conceptText(resource.type) ?? 'Document', resource.description);
  }
  if (resource.resourceType === 'ServiceRequest') {
    const what = conceptText(resource.code) ?? conceptText(resource.reasonCode?.[0]) ?? 'Request';
    return line(what, ...(resource.note ?? []).map((note) => note.text));
  }
  return escape(resource.resourceType);
}

export function medicineLine(item: MedicationStatement): string {
  const issued = item.extension?.find(
    (extension) => extension.url === UK_CORE_EXTENSION.medicationStatementLastIssueDate,
  );
  return line(
    words(item.medicationCodeableConcept) || (item.medicationReference?.display ?? 'Medicine not named'),
    doseText(item.dosage) ?? undefined,
    item.status,
    `from ${day(item.effectivePeriod?.start)}`,
    ended(item.effectivePeriod?.end),
    issued?.valueDateTime && `last issue ${day(issued.valueDateTime)}`,
    ...(item.note ?? []).map((note) => note.text),
  );
}

export function observationLine(item: Observation): string {
  const parts = (item.component ?? []).map((component) => `${words(component.code)} ${valueOf(component)}`);
  return line(
    `${day(item.effectiveDateTime)} ${words(item.code)}`,
    valueOf(item),
    interim(item.status),
    ...parts,
    ...(item.interpretation ?? []).map((one) => conceptText(one) ?? ''),
    ...(item.note ?? []).map((note) => note.text),
  );
}

function valueOf(
  item: Pick<Observation, 'valueQuantity' | 'valueString' | 'valueCodeableConcept' | 'dataAbsentReason'>,
): string {
  const { valueQuantity: quantity } = item;
  if (quantity) {
    return `${quantity.comparator ?? ''}${quantityWritten(quantity) ?? writtenOf(quantity.value) ?? ''} ${quantity.unit ?? quantity.code ?? ''}`.trim();
  }
  return (
    item.valueString ?? conceptText(item.valueCodeableConcept) ?? conceptText(item.dataAbsentReason) ?? ''
  );
}

export function vaccineWords(item: Immunization): string {
  const procedure = item.extension?.find(
    (extension) => extension.url === UK_CORE_EXTENSION.vaccinationProcedure,
  );
  return conceptText(procedure?.valueCodeableConcept) ?? words(item.vaccineCode);
}

export function nameOf(resource: Resource | undefined): string {
  if (resource?.resourceType === 'Organization') return resource.name ?? '';
  if (resource?.resourceType !== 'Practitioner') return '';
  const name = resource.name?.[0];
  return [...(name?.prefix ?? []), ...(name?.given ?? []), name?.family ?? ''].join(' ');
}

export function words(concept: CodeableConcept | undefined): string {
  return conceptText(concept) ?? '';
}

export function codeOf(concept: CodeableConcept | undefined): string {
  return concept?.coding?.[0]?.code ?? '';
}

export function interim(status: string): string {
  return ['registered', 'partial', 'preliminary'].includes(status) ? `interim: ${status}` : '';
}

export function ended(date: string | undefined): string {
  return date === undefined ? '' : `ended ${day(date)}`;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `05-Jan-2009`, with no more precision than recorded (Common User Interface D+Ta). */
export function day(text: string | undefined): string {
  const date = text === undefined ? null : parsePartialDate(text);
  if (!date) return text ?? 'Date not recorded';
  if (date.precision === 'year') return String(date.year);
  const month = MONTHS[date.month - 1] ?? '';
  return date.precision === 'month'
    ? `${month}-${date.year}`
    : `${twoDigits(date.day)}-${month}-${date.year}`;
}

export function newestFirst<T>(items: readonly T[], dateOf: (item: T) => string | undefined): T[] {
  return [...items].sort((left, right) => sortKeyOf(dateOf(right)) - sortKeyOf(dateOf(left)));
}

export function line(...parts: readonly (string | null | undefined)[]): string {
  return escape(
    parts.filter((part) => part !== undefined && part !== null && part.trim() !== '').join(' — '),
  );
}

/** Everything from a record goes through here: text of a record never becomes markup. */
export function escape(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
    .replaceAll('\n', '<br>');
}
