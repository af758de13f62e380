/** The words of each known resource type: headline, value, lines, times and author. */
import type {
  CodeableConcept,
  Observation,
  ObservationComponent,
  QuestionnaireResponseItem,
  Reference,
} from '@medplum/fhirtypes';
import { displayDate, displayDateTime } from '../clinical/date-display.ts';
import { doseLine } from '../clinical/medication-display.ts';
import { news2Reading, type News2Reading } from '../clinical/news2-reading.ts';
import { seriesPlace, seriesWords } from '../clinical/observation-place.ts';
import { conceptText } from '../fhir/codeable-concept.ts';
import { wasChildAt } from './child-at.ts';
import { keyOf, type KnownResources, type KnownType, type RecordContents } from './record-contents.ts';
import {
  isAbnormal,
  observationText,
  pressurePair,
  quantityText,
  rangeText,
  unitOf,
  valueText,
} from './observation-value.ts';
import { amountText, doseText, givenDose, medicineConcept } from './medicine-words.ts';
import type { AnyResource } from './overlay.ts';
import { extensionOf, EXTENSION } from './record-extensions.ts';
import { nameOfReference } from './people-words.ts';
import { recordedAlthough } from './recorded-although.ts';
import type { Detail } from './record-view.ts';

/** What a type says of itself; `when` is clinical time, `recorded` when it was written down. */
export interface TypeWords {
  readonly category: string;
  readonly text?: string;
  readonly concept?: CodeableConcept;
  readonly value?: string | null;
  readonly abnormal?: boolean;
  readonly details?: readonly (Detail | null)[];
  readonly notes?: readonly string[];
  readonly when?: string | undefined;
  readonly recorded?: string | undefined;
  readonly author?: Reference | undefined;
  readonly authorName?: string;
  readonly planned?: boolean;
}

type WordsOf<Type extends KnownType> = (
  resource: KnownResources[Type],
  contents: RecordContents,
) => TypeWords;

const words: { readonly [Type in KnownType]?: WordsOf<Type> } = {
  Condition: (condition) => ({
    category: isProblem(condition.category) ? 'Problem' : 'Condition',
    ...withConcept(condition.code),
    when: condition.onsetDateTime ?? condition.onsetPeriod?.start,
    recorded: condition.recordedDate,
    author: condition.recorder ?? condition.asserter,
    details: [
      line('Status', conceptText(condition.clinicalStatus)),
      line(
        'Certainty',
        condition.verificationStatus?.coding?.[0]?.code === 'confirmed'
          ? null
          : conceptText(condition.verificationStatus),
      ),
      line('Severity', conceptText(condition.severity)),
      line('Site', condition.bodySite?.map(conceptText).join(', ')),
      line('Onset', condition.onsetString),
      line('Ended', dateWords(condition.abatementDateTime)),
      line('Episode', extensionOf(condition, EXTENSION.episode)?.valueCode),
    ],
  }),
  AllergyIntolerance: (allergy) => ({
    category: 'Allergy',
    ...withConcept(allergy.code),
    when: allergy.onsetDateTime ?? allergy.onsetPeriod?.start,
    recorded: allergy.recordedDate,
    author: allergy.recorder ?? allergy.asserter,
    details: [
      line('Kind', allergy.type),
      line('Status', conceptText(allergy.clinicalStatus)),
      line('Criticality', allergy.criticality),
      ...(allergy.reaction ?? []).map((reaction) =>
        line(
          'Reaction',
          [...reaction.manifestation.map(conceptText), reaction.description, reaction.severity]
            .filter((part) => part !== null && part !== undefined)
            .join(', '),
        ),
      ),
    ],
  }),
  Observation: (observation, contents) => ({
    category: 'Observation',
    ...withConcept(observation.code),
    value: withBand(observationText(observation), news2Reading(observation)),
    abnormal: isAbnormal(observation, wasChildAt(contents, observation.effectiveDateTime)),
    when: observation.effectiveDateTime ?? observation.effectivePeriod?.start ?? observation.effectiveInstant,
    recorded: observation.issued,
    author: observation.performer?.[0],
    details: [
      observation.status === 'final' ? null : line('Status', observation.status),
      ...partsBesideValue(observation).map((component) =>
        line(conceptText(component.code) ?? 'Part', valueText(component)),
      ),
      ...(observation.hasMember ?? []).map((member) => memberLine(member, contents)),
      line('Range', rangeText(observation, wasChildAt(contents, observation.effectiveDateTime))),
      line('Reading', seriesWords(seriesPlace(observation))?.replace(/^reading /, '')),
      line('Holds until', dateWords(extensionOf(observation, EXTENSION.holdsUntil)?.valueDate)),
      line('Interpretation', observation.interpretation?.map(conceptText).join(', ')),
      line('Method', conceptText(observation.method)),
      line('Site', conceptText(observation.bodySite)),
      line('Episode', extensionOf(observation, EXTENSION.episode)?.valueCode),
    ],
  }),
  MedicationRequest: (request, contents) => ({
    category: request.intent === 'plan' ? 'Medication' : 'Prescription issued',
    ...medicine(request, contents),
    when: request.dispenseRequest?.validityPeriod?.start ?? request.authoredOn,
    recorded: request.authoredOn,
    author: request.requester ?? request.recorder,
    planned: request.intent === 'proposal',
    details: [
      line('DOSE', doseText(request.dosageInstruction)),
      line('Quantity', amountText(request.dispenseRequest?.quantity)),
      line('Type', conceptText(request.courseOfTherapyType)),
      line('Status', request.status),
      line('Reason', conceptText(request.statusReason)),
      line('Until', dateWords(request.dispenseRequest?.validityPeriod?.end)),
    ],
  }),
  MedicationStatement: (statement, contents) => ({
    category: 'Medication',
    ...medicine(statement, contents),
    when: statement.effectivePeriod?.start ?? statement.effectiveDateTime,
    recorded: statement.dateAsserted,
    author: statement.informationSource,
    details: [
      line('DOSE', doseText(statement.dosage)),
      line('Status', statement.status),
      line('Reason', statement.statusReason?.map(conceptText).join(', ')),
      line('Until', dateWords(statement.effectivePeriod?.end)),
      althoughLine(statement),
      line('Last issued', dateWords(extensionOf(statement, EXTENSION.lastIssueDate)?.valueDateTime)),
    ],
  }),
  MedicationAdministration: (given, contents) => ({
    category: 'Medicine given',
    ...medicine(given, contents),
    when: given.effectiveDateTime ?? given.effectivePeriod?.start,
    author: given.performer?.[0]?.actor,
    details: [
      line('DOSE', doseLine(givenDose(given.dosage))),
      line('Route', conceptText(given.dosage?.route)),
      line('Site', conceptText(given.dosage?.site)),
      line('Status', given.status),
      althoughLine(given),
    ],
  }),
  MedicationDispense: (dispense, contents) => ({
    category: 'Medicine dispensed',
    ...medicine(dispense, contents),
    when: dispense.whenHandedOver ?? dispense.whenPrepared,
    author: dispense.performer?.[0]?.actor,
    details: [
      line('DOSE', doseText(dispense.dosageInstruction)),
      line('Quantity', amountText(dispense.quantity)),
      line('Status', dispense.status),
    ],
  }),
  Immunization: (immunization) => ({
    category: 'Immunisation',
    ...withConcept(immunization.vaccineCode),
    value: immunization.status === 'not-done' ? 'Not given' : null,
    when: immunization.occurrenceDateTime,
    recorded: immunization.recorded,
    author: immunization.performer?.[0]?.actor,
    details: [
      line('Date', immunization.occurrenceString),
      line('Reason not given', conceptText(immunization.statusReason)),
      line('Batch', immunization.lotNumber),
      line('Expires', dateWords(immunization.expirationDate)),
      line('Site', conceptText(immunization.site)),
      line('Route', conceptText(immunization.route)),
      line('Maker', immunization.manufacturer?.display),
      ...(immunization.protocolApplied ?? []).map((protocol) =>
        line('Dose number', protocol.doseNumberString ?? protocol.doseNumberPositiveInt?.toString()),
      ),
    ],
  }),
  Procedure: (procedure) => ({
    category: 'Procedure',
    ...withConcept(procedure.code),
    value: procedure.status === 'not-done' ? 'Not done' : null,
    when: procedure.performedDateTime ?? procedure.performedPeriod?.start,
    author: procedure.performer?.[0]?.actor ?? procedure.recorder,
    details: [
      procedure.status === 'completed' ? null : line('Status', procedure.status),
      line('Date', procedure.performedString),
      line('Reason', procedure.statusReason ? conceptText(procedure.statusReason) : null),
      line('Outcome', conceptText(procedure.outcome)),
      line('Site', procedure.bodySite?.map(conceptText).join(', ')),
    ],
  }),
  ServiceRequest: (request) => ({
    category: requestCategory(request.category, request.intent),
    ...withConcept(request.code ?? request.category?.[0]),
    when: request.occurrenceDateTime ?? request.occurrencePeriod?.start ?? request.authoredOn,
    recorded: request.authoredOn,
    author: request.requester,
    planned: request.status !== 'completed' && request.status !== 'revoked',
    details: [
      line('Status', request.status),
      line('Priority', request.priority),
      line('To', request.performer?.map((performer) => performer.display ?? '').join(', ')),
      line('Speciality', conceptText(request.performerType)),
      line('Reason', request.reasonCode?.map(conceptText).join(', ')),
    ],
  }),
  DocumentReference: (document) => ({
    category: 'Document',
    text:
      document.description ??
      document.content[0]?.attachment.title ??
      conceptText(document.type) ??
      'Document',
    ...(document.type && { concept: document.type }),
    when: document.context?.period?.start ?? document.content[0]?.attachment.creation ?? document.date,
    recorded: document.date,
    author: document.author?.[0] ?? document.custodian,
    details: [
      line('Type', conceptText(document.type)),
      line('Status', document.status === 'current' ? null : document.status),
      line('Setting', conceptText(document.context?.practiceSetting)),
    ],
  }),
  DiagnosticReport: (report, contents) => ({
    category: 'Report',
    ...withConcept(report.code),
    value: report.conclusion ?? null,
    when: report.effectiveDateTime ?? report.effectivePeriod?.start,
    recorded: report.issued,
    author: report.performer?.[0] ?? report.resultsInterpreter?.[0],
    details: [
      report.status === 'final' ? null : line('Status', report.status),
      ...(report.result ?? []).map((result) => memberLine(result, contents)),
    ],
  }),
  QuestionnaireResponse: (response) => ({
    category: 'Form',
    text: response.questionnaire ?? 'Form',
    when: response.authored,
    author: response.author,
    details: formLines(response.item),
  }),
  FamilyMemberHistory: (history) => ({
    category: 'Family history',
    text: (history.condition ?? [])
      .map((condition) => conceptText(condition.code))
      .filter((text) => text !== null)
      .join(', '),
    ...(history.condition?.[0] && { concept: history.condition[0].code }),
    when: history.date,
    details: [line('Relationship', conceptText(history.relationship)), line('Name', history.name)],
  }),
  Flag: (flag) => ({
    category: 'Alert',
    ...withConcept(flag.code),
    when: flag.period?.start,
    author: flag.author,
    details: [
      line('Status', flag.status),
      line('Category', flag.category?.map(conceptText).join(', ')),
      line('Until', dateWords(flag.period?.end)),
    ],
  }),
  Task: (task) => ({
    category: 'Task',
    text: task.description ?? conceptText(task.code) ?? 'Task',
    when: task.authoredOn,
    author: task.requester,
    planned: task.status !== 'completed',
    details: [
      line('Status', task.status),
      line('For', task.owner?.display),
      line('Due', dateWords(task.restriction?.period?.end ?? task.executionPeriod?.end)),
    ],
  }),
  Appointment: (appointment) => ({
    category: 'Appointment',
    text: appointment.description ?? conceptText(appointment.appointmentType) ?? 'Appointment',
    when: appointment.start,
    recorded: appointment.created,
    planned: appointment.status === 'booked',
    details: [
      line('Status', appointment.status),
      line('Reason', appointment.reasonCode?.map(conceptText).join(', ')),
      line('Comment', appointment.comment),
    ],
  }),
  Communication: (communication) => ({
    category: 'Note',
    text:
      communication.payload?.map((payload) => payload.contentString ?? '').join('\n') ??
      conceptText(communication.topic) ??
      'Note',
    when: communication.sent ?? communication.received,
    author: communication.sender,
    details: [line('To', communication.recipient?.map((one) => one.display ?? '').join(', '))],
  }),
  CarePlan: (plan) => ({
    category: 'Care plan',
    text: plan.title ?? plan.description ?? 'Care plan',
    when: plan.period?.start ?? plan.created,
    author: plan.author,
    planned: true,
    details: [line('Status', plan.status)],
  }),
  Consent: (consent) => ({
    category: 'Consent',
    text: consent.category.map(conceptText).join(', '),
    when: consent.dateTime,
    details: [line('Status', consent.status), line('Scope', conceptText(consent.scope))],
  }),
  Encounter: (encounter, contents) => ({
    category: 'Encounter',
    text: conceptText(encounter.type?.[0]) ?? encounter.class.display ?? 'Encounter',
    when: encounter.period?.start,
    author: encounter.participant?.[0]?.individual,
    details: [
      line('Status', encounter.status === 'finished' ? null : encounter.status),
      line(
        'Location',
        encounter.location?.map((one) => nameOfReference(one.location, contents) ?? '').join(', '),
      ),
    ],
  }),
  Composition: (composition) => ({
    category: 'Consultation',
    text: composition.title,
    when: composition.date,
    author: composition.author[0],
    details: [line('Status', composition.status)],
  }),
  List: (list) => ({
    category: 'List',
    text: list.title ?? conceptText(list.code) ?? 'List',
    when: list.date,
    author: list.source,
    details: [
      line('Entries', list.entry === undefined ? null : String(list.entry.length)),
      line('Empty because', conceptText(list.emptyReason)),
    ],
  }),
  Specimen: (specimen) => ({
    category: 'Specimen',
    ...withConcept(specimen.type),
    when: specimen.collection?.collectedDateTime ?? specimen.collection?.collectedPeriod?.start,
    recorded: specimen.receivedTime,
    details: [line('Site', conceptText(specimen.collection?.bodySite))],
  }),
  Provenance: (provenance) => ({
    category: 'Provenance',
    text: conceptText(provenance.activity) ?? 'Provenance',
    when: provenance.occurredDateTime,
    recorded: provenance.recorded,
    author: provenance.agent[0]?.who,
    details: provenance.reason?.map((reason) => line('Reason', conceptText(reason))) ?? [],
  }),
};

// Looked up by the resource's own type, so each function meets the type that it is written for.
export const wordsByType = words as unknown as Readonly<
  Record<string, ((resource: AnyResource, contents: RecordContents) => TypeWords) | undefined>
>;

function medicine(
  resource: Parameters<typeof medicineConcept>[0],
  contents: RecordContents,
): Pick<TypeWords, 'concept' | 'text'> {
  return withConcept(medicineConcept(resource, contents), 'Medicine not named');
}

function withConcept(
  concept: CodeableConcept | undefined,
  otherwise?: string,
): Pick<TypeWords, 'concept' | 'text'> {
  if (concept) return { concept };
  return otherwise === undefined ? {} : { text: otherwise };
}

function memberLine(reference: Reference, contents: RecordContents): Detail | null {
  const key = keyOf(reference.reference);
  const member = key === null ? undefined : contents.byKey(key)?.resource;
  if (member?.resourceType !== 'Observation') return line('Part', reference.display);
  const observation = member as unknown as KnownResources['Observation'];
  const comments = (observation.note ?? []).map((note) => note.text);
  return line(
    conceptText(observation.code) ?? 'Part',
    [observationText(observation), ...comments].filter((part) => part !== null).join(' · ') || 'No value',
  );
}

function formLines(items: readonly QuestionnaireResponseItem[] | undefined): readonly (Detail | null)[] {
  return (items ?? []).flatMap((item) => [
    ...(item.answer ?? []).flatMap((answer) => [
      line(
        item.text ?? item.linkId,
        answer.valueString ??
          answer.valueCoding?.display ??
          answer.valueCoding?.code ??
          answer.valueDecimal?.toString() ??
          answer.valueInteger?.toString() ??
          (answer.valueBoolean === undefined ? undefined : answer.valueBoolean ? 'Yes' : 'No') ??
          dateWords(answer.valueDate ?? answer.valueDateTime) ??
          answer.valueTime ??
          quantityText(answer.valueQuantity) ??
          answer.valueUri ??
          answer.valueReference?.display ??
          answer.valueAttachment?.title,
      ),
      ...formLines(answer.item),
    ]),
    ...(item.answer === undefined && item.text !== undefined && item.item === undefined
      ? [line(item.text, 'No answer')]
      : []),
    ...formLines(item.item),
  ]);
}

function requestCategory(categories: readonly CodeableConcept[] | undefined, intent: string): string {
  const codes = (categories ?? []).flatMap((category) => category.coding?.map((coding) => coding.code) ?? []);
  if (codes.includes('3457005')) return 'Referral';
  return intent === 'plan' || intent === 'proposal' ? 'Planned' : 'Request';
}

export function isProblem(categories: readonly CodeableConcept[] | undefined): boolean {
  return (
    categories?.some((category) => category.coding?.some((coding) => coding.code === 'problem-list-item')) ??
    false
  );
}

function line(label: string, value: string | null | undefined): Detail | null {
  return value === undefined || value === null || value.trim() === '' ? null : { label, value };
}

function althoughLine(medicine: Parameters<typeof recordedAlthough>[0]): Detail | null {
  const although = recordedAlthough(medicine);
  return although && line('Recorded although', `${although.warnings.join(' ')} Reason: ${although.reason}`);
}

/** The two numbers of a pressure stand in its value and are not said again. */
function partsBesideValue(observation: Observation): readonly ObservationComponent[] {
  const pair = pressurePair(observation);
  const units = [pair?.systolic, pair?.diastolic].map((part) => unitOf(part?.valueQuantity));
  if (units[0] !== units[1]) return observation.component ?? [];
  return (observation.component ?? []).filter((part) => part !== pair?.systolic && part !== pair?.diastolic);
}

function withBand(text: string | null, band: News2Reading | null): string | null {
  return text === null || band === null ? text : `${text} · ${band.words}`;
}

function dateWords(text: string | undefined): string | null {
  if (text === undefined) return null;
  return text.includes('T') ? displayDateTime(text) : displayDate(text);
}
