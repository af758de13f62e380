import type {
  AllergyIntolerance,
  CodeableConcept,
  Composition,
  Condition,
  DiagnosticReport,
  Immunization,
  MedicationStatement,
  Observation,
  Patient,
  Resource,
} from '@medplum/fhirtypes';
import { formatNhsNumber } from '../../domain/clinical/nhs-number.ts';
import { conceptText } from '../../domain/fhir/codeable-concept.ts';
import { LOCAL_WARNINGS } from '../../domain/record/local-warnings.ts';
import { isProtectedPatient } from '../../domain/record/make-directory-entry.ts';
import { consultations, mistakeLine } from './document-consultations.ts';
import {
  codeOf,
  day,
  ended,
  escape,
  interim,
  line,
  medicineLine,
  newestFirst,
  observationLine,
  vaccineWords,
  words,
} from './document-words.ts';
import { handedOn, type WithdrawnEntry } from './handed-on.ts';

/**
 * One patient's record as a document to read and print: everything in words, nothing but text, no scripts.
 * It says when the record was read and what it shows; what it cannot show in words it lists by type and count. Entries
 * marked as sensitive are left out, which is said; what is about safeguarding is left out. An entry that was a mistake
 * stands apart from those that count, with its reason.
 */
export function patientDocument(record: readonly Resource[], readAt: string): string {
  const handed = handedOn(record);
  const { resources } = handed;
  const patient = resources.find((resource): resource is Patient => resource.resourceType === 'Patient');
  if (!patient) throw new RangeError('There is no Patient among these resources.');
  const byReference = new Map(
    resources.map((resource) => [`${resource.resourceType}/${resource.id ?? ''}`, resource]),
  );
  const flags = resources.filter((resource) => resource.resourceType === 'Flag');
  const allergies = resources.filter((resource) => resource.resourceType === 'AllergyIntolerance');
  const all = <T extends Resource>(type: T['resourceType']): T[] =>
    resources.filter((resource): resource is T => resource.resourceType === type);
  const parts = [
    section(
      'Warnings',
      flags.map((flag) => line(conceptText(flag.code), flag.status === 'active' ? '' : flag.status)),
    ),
    allergySection(allergies),
    flags.length + allergies.length > 0 ? `<p>${escape(LOCAL_WARNINGS)}</p>` : '',
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
    consultations(all<Composition>('Composition'), { byReference, handed }),
    section(
      'Reports',
      newestFirst(
        all<DiagnosticReport>('DiagnosticReport'),
        (item) => item.effectiveDateTime ?? item.issued,
      ).map((report) =>
        line(
          `${day(report.effectiveDateTime ?? report.issued)} ${words(report.code)}`,
          interim(report.status),
          report.conclusion,
        ),
      ),
    ),
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
    section('Entered in error', [...handed.mistakes.values()].filter(isShown).map(mistakeLine), null),
    handed.sensitive > 0
      ? `<p>${handed.sensitive === 1 ? 'One entry marked as sensitive is' : `${handed.sensitive} entries marked as sensitive are`} left out of this document.</p>`
      : '',
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
  'DiagnosticReport',
  'Encounter',
  'Observation',
  'DocumentReference',
  'ServiceRequest',
]);

function isShown({ resource }: WithdrawnEntry): boolean {
  return resource.resourceType !== 'Encounter' && SHOWN.has(resource.resourceType);
}

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
      doubt(allergy.verificationStatus),
      allergy.criticality && `criticality ${allergy.criticality}`,
      ...(allergy.reaction ?? []).flatMap((reaction) =>
        reaction.manifestation.map((one) => conceptText(one) ?? ''),
      ),
      ...(allergy.note ?? []).map((note) => note.text),
    ),
  );
  return section('Allergies and adverse reactions', items.length > 0 ? items : ['Allergies not recorded']);
}

/** Allergies that somebody doubts or denies are not to be read as known ones. */
function doubt(verification: CodeableConcept | undefined): string {
  const code = codeOf(verification);
  return code === 'confirmed' ? '' : code;
}

/** @param none what stands where there are no items; null: then there is no section */
function section(title: string, items: readonly string[], none: string | null = 'None recorded'): string {
  if (items.length === 0 && none === null) return '';
  const list =
    items.length > 0
      ? `<ul>${items.map((item) => `<li>${item}</li>`).join('')}</ul>`
      : `<p>${none ?? ''}</p>`;
  return `<section><h2>${escape(title)}</h2>${list}</section>`;
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
