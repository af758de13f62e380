import type {
  AllergyIntolerance,
  CodeableConcept,
  Composition,
  CompositionSection,
  Condition,
  Encounter,
  Flag,
  Immunization,
  MedicationStatement,
  Observation,
  Patient,
  Resource,
} from '@medplum/fhirtypes';
import { formatNhsNumber } from '../../domain/clinical/nhs-number.ts';
import { conceptText } from '../../domain/fhir/codeable-concept.ts';
import { writtenOf } from '../../domain/fhir/exact-json.ts';
import { quantityWritten } from '../../domain/fhir/quantity.ts';
import { parsePartialDate, sortKeyOf } from '../../domain/fhir/partial-date.ts';
import { twoDigits } from '../../domain/fhir/civil-date.ts';
import { isProtectedPatient } from '../../domain/record/make-directory-entry.ts';
import { UK_CORE_EXTENSION } from '../import/systems.ts';

/**
 * One patient's record as a document to read and print: everything in words, nothing but text, no scripts.
 * It says when the record was read and what it shows; what it cannot show in words it lists by type and count.
 */
export function patientDocument(resources: readonly Resource[], readAt: string): string {
  const patient = resources.find((resource): resource is Patient => resource.resourceType === 'Patient');
  if (!patient) throw new RangeError('There is no Patient among these resources.');
  const byReference = new Map(
    resources.map((resource) => [`${resource.resourceType}/${resource.id ?? ''}`, resource]),
  );
  const all = <T extends Resource>(type: T['resourceType']): T[] =>
    resources.filter((resource): resource is T => resource.resourceType === type);
  const parts = [
    section(
      'Warnings',
      all<Flag>('Flag').map((flag) =>
        line(conceptText(flag.code), flag.status === 'active' ? '' : flag.status),
      ),
    ),
    allergySection(all<AllergyIntolerance>('AllergyIntolerance')),
    section(
      'Problems',
      newestFirst(all<Condition>('Condition'), (item) => item.onsetDateTime).map((problem) =>
        line(
          `${day(problem.onsetDateTime)} ${words(problem.code)}`,
          codeOf(problem.clinicalStatus),
          ended(problem.abatementDateTime),
        ),
      ),
    ),
    section(
      'Medication',
      newestFirst(all<MedicationStatement>('MedicationStatement'), (item) => item.effectivePeriod?.start).map(
        medicineLine,
      ),
    ),
    section(
      'Immunisations',
      newestFirst(all<Immunization>('Immunization'), (item) => item.occurrenceDateTime).map((item) =>
        line(
          `${day(item.occurrenceDateTime)} ${vaccineWords(item)}`,
          item.status === 'completed' ? '' : item.status,
          item.lotNumber && `batch ${item.lotNumber}`,
        ),
      ),
    ),
    consultations(all<Composition>('Composition'), byReference),
    section(
      'Results and measurements',
      newestFirst(all<Observation>('Observation'), (item) => item.effectiveDateTime).map(observationLine),
    ),
    section(
      'Documents',
      resources
        .filter((resource) => resource.resourceType === 'DocumentReference')
        .map((document) =>
          line(`${day(document.date)} ${conceptText(document.type) ?? 'Document'}`, document.description),
        ),
    ),
    section(
      'Requests and recalls',
      resources
        .filter((resource) => resource.resourceType === 'ServiceRequest')
        .map((request) =>
          line(
            `${day(request.occurrenceDateTime ?? request.authoredOn)} ${conceptText(request.code) ?? conceptText(request.reasonCode?.[0]) ?? 'Request'}`,
            request.intent === 'plan' ? 'planned' : request.intent,
            request.status,
            ...(request.note ?? []).map((note) => note.text),
          ),
        ),
    ),
    otherTypes(resources),
  ];
  return page(patient, readAt, parts.join('\n'));
}

const SHOWN: ReadonlySet<string> = new Set([
  'Patient',
  'Flag',
  'AllergyIntolerance',
  'Condition',
  'MedicationStatement',
  'Immunization',
  'Composition',
  'Encounter',
  'Observation',
  'DocumentReference',
  'ServiceRequest',
]);

function otherTypes(resources: readonly Resource[]): string {
  const counts = new Map<string, number>();
  for (const { resourceType } of resources) {
    if (!SHOWN.has(resourceType)) counts.set(resourceType, (counts.get(resourceType) ?? 0) + 1);
  }
  return section(
    'Held, but not shown in words here',
    [...counts].sort().map(([type, count]) => `${escape(type)}: ${count}`),
  );
}

function allergySection(allergies: readonly AllergyIntolerance[]): string {
  const items = allergies.map((allergy) =>
    line(
      words(allergy.code),
      codeOf(allergy.clinicalStatus),
      allergy.criticality && `criticality ${allergy.criticality}`,
      ...(allergy.reaction ?? []).flatMap((reaction) =>
        reaction.manifestation.map((one) => conceptText(one) ?? ''),
      ),
      ...(allergy.note ?? []).map((note) => note.text),
    ),
  );
  return section('Allergies and adverse reactions', items.length > 0 ? items : ['Allergies not recorded']);
}

function medicineLine(item: MedicationStatement): string {
  const issued = item.extension?.find(
    (extension) => extension.url === UK_CORE_EXTENSION.medicationStatementLastIssueDate,
  );
  return line(
    words(item.medicationCodeableConcept) || (item.medicationReference?.display ?? 'Medicine not named'),
    item.dosage?.[0]?.text,
    item.status,
    `from ${day(item.effectivePeriod?.start)}`,
    ended(item.effectivePeriod?.end),
    issued?.valueDateTime && `last issue ${day(issued.valueDateTime)}`,
    ...(item.note ?? []).map((note) => note.text),
  );
}

function consultations(
  compositions: readonly Composition[],
  byReference: ReadonlyMap<string, Resource>,
): string {
  const items = newestFirst(compositions, (item) => item.date).map((composition) => {
    const encounter = byReference.get(composition.encounter?.reference ?? '') as Encounter | undefined;
    const when = encounter?.period?.start ?? composition.date;
    const who = composition.author
      .map((author) => author.display ?? nameOf(byReference.get(author.reference ?? '')))
      .join(', ');
    const body = (composition.section ?? []).map((topic) => sectionHtml(topic, byReference, 4)).join('');
    return `<article><h3>${escape(`${day(when)} ${composition.title}`)}${who === '' ? '' : ` <span>${escape(who)}</span>`}</h3>${body}</article>`;
  });
  return `<section><h2>Consultations</h2>${items.length > 0 ? items.join('\n') : '<p>None recorded</p>'}</section>`;
}

function sectionHtml(
  part: CompositionSection,
  byReference: ReadonlyMap<string, Resource>,
  level: number,
): string {
  const title = part.title === undefined ? '' : `<h${level}>${escape(part.title)}</h${level}>`;
  const entries = (part.entry ?? []).map(
    (entry) => `<li>${entryLine(byReference.get(entry.reference ?? ''), entry.display)}</li>`,
  );
  const nested = (part.section ?? [])
    .map((inner) => sectionHtml(inner, byReference, Math.min(6, level + 1)))
    .join('');
  return `${title}${entries.length > 0 ? `<ul>${entries.join('')}</ul>` : ''}${nested}`;
}

function entryLine(resource: Resource | undefined, display: string | undefined): string {
  if (resource === undefined) return escape(display ?? 'An entry that is not in this record');
  if (resource.resourceType === 'Observation') return observationLine(resource);
  if (resource.resourceType === 'Condition' || resource.resourceType === 'AllergyIntolerance') {
    return line(words(resource.code), codeOf(resource.clinicalStatus));
  }
  if (resource.resourceType === 'MedicationRequest') {
    const { medicationCodeableConcept: medicine, dosageInstruction, status } = resource;
    return line(words(medicine), dosageInstruction?.[0]?.text, status);
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

function observationLine(item: Observation): string {
  const parts = (item.component ?? []).map((component) => `${words(component.code)} ${valueOf(component)}`);
  return line(
    `${day(item.effectiveDateTime)} ${words(item.code)}`,
    valueOf(item),
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

function vaccineWords(item: Immunization): string {
  const procedure = item.extension?.find(
    (extension) => extension.url === UK_CORE_EXTENSION.vaccinationProcedure,
  );
  return conceptText(procedure?.valueCodeableConcept) ?? words(item.vaccineCode);
}

function nameOf(resource: Resource | undefined): string {
  if (resource?.resourceType === 'Organization') return resource.name ?? '';
  if (resource?.resourceType !== 'Practitioner') return '';
  const name = resource.name?.[0];
  return [...(name?.prefix ?? []), ...(name?.given ?? []), name?.family ?? ''].join(' ');
}

function words(concept: CodeableConcept | undefined): string {
  return conceptText(concept) ?? '';
}

function codeOf(concept: CodeableConcept | undefined): string {
  return concept?.coding?.[0]?.code ?? '';
}

function ended(date: string | undefined): string {
  return date === undefined ? '' : `ended ${day(date)}`;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `05-Jan-2009`, with no more precision than recorded (Common User Interface D+Ta). */
function day(text: string | undefined): string {
  const date = text === undefined ? null : parsePartialDate(text);
  if (!date) return text ?? 'Date not recorded';
  if (date.precision === 'year') return String(date.year);
  const month = MONTHS[date.month - 1] ?? '';
  return date.precision === 'month'
    ? `${month}-${date.year}`
    : `${twoDigits(date.day)}-${month}-${date.year}`;
}

function newestFirst<T>(items: readonly T[], dateOf: (item: T) => string | undefined): T[] {
  return [...items].sort((left, right) => sortKeyOf(dateOf(right)) - sortKeyOf(dateOf(left)));
}

function line(...parts: readonly (string | null | undefined)[]): string {
  return escape(
    parts.filter((part) => part !== undefined && part !== null && part.trim() !== '').join(' — '),
  );
}

function section(title: string, items: readonly string[]): string {
  const list =
    items.length > 0
      ? `<ul>${items.map((item) => `<li>${item}</li>`).join('')}</ul>`
      : '<p>None recorded</p>';
  return `<section><h2>${escape(title)}</h2>${list}</section>`;
}

/** Everything from a record goes through here: text of a record never becomes markup. */
function escape(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
    .replaceAll('\n', '<br>');
}

function page(patient: Patient, readAt: string, body: string): string {
  const name = patient.name?.find((one) => one.use === 'official') ?? patient.name?.[0];
  const title = name?.prefix?.[0] === undefined ? '' : ` (${name.prefix[0]})`;
  const who = `${(name?.family ?? 'Name not recorded').toUpperCase()}, ${(name?.given ?? []).join(' ')}${title}`;
  const number = patient.identifier?.find(
    (identifier) => identifier.system === 'https://fhir.nhs.uk/Id/nhs-number',
  )?.value;
  const identity = [
    `Born ${day(patient.birthDate)}`,
    `Gender ${patient.gender ?? 'not recorded'}`,
    `NHS No. ${number === undefined ? 'not known' : formatNhsNumber(number)}`,
    patient.deceasedDateTime === undefined ? '' : `Died ${day(patient.deceasedDateTime)}`,
  ].filter((part) => part !== '');
  const address = patient.address?.[0];
  const lives = [...(address?.line ?? []), address?.city ?? '', address?.postalCode ?? ''].filter(
    (part) => part !== '',
  );
  const where = isProtectedPatient(patient)
    ? 'Protected patient: address not given'
    : escape(lives.join(', '));
  return `<!doctype html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Patient record</title>
<style>
@page { margin: 18mm 15mm; @bottom-right { content: "Page " counter(page) " of " counter(pages); font: 9pt Arial, sans-serif; } }
body { font: 11pt/1.4 Arial, sans-serif; color: #212b32; max-width: 190mm; margin: 0 auto; }
.confidential { border-bottom: 2px solid #005eb8; font-weight: bold; padding: 4px 0; }
thead td, .confidential { color: #005eb8; }
h1 { font-size: 17pt; margin: 10px 0 2px; } h2 { font-size: 13pt; border-bottom: 1px solid #aeb7bd; margin: 18px 0 6px; }
h3 { font-size: 11.5pt; margin: 12px 0 2px; } h3 span { font-weight: normal; color: #4c6272; } h4, h5, h6 { margin: 6px 0 0; font-size: 11pt; }
ul { margin: 2px 0; padding-left: 18px; } li { margin: 1px 0; } article { break-inside: avoid-page; }
table { width: 100%; border-collapse: collapse; } thead { display: table-header-group; }
</style>
</head>
<body>
<table><thead><tr><td><p class="confidential">NHS Confidential: Personal Data about a patient<br>${escape([who, ...identity].join(' · '))}</p></td></tr></thead><tbody><tr><td>
<header><h1>${escape(who)}</h1><p>${identity.map(escape).join(' &nbsp; ')}<br>${where}</p>
<p>Record as read at ${escape(readAt)}. A copy: entries made since are not in it.</p></header>
${body}
</td></tr></tbody></table>
</body>
</html>
`;
}
