import type { CodeableConcept, Condition, MedicationRequest, Reference } from '@medplum/fhirtypes';
import { addDays, compareCivilDates, daysBetween, formatCivilDate } from '../../domain/fhir/civil-date.ts';
import type { CivilDate } from '../../domain/fhir/civil-date.ts';
import { UK_CORE_EXTENSION } from '../import/systems.ts';
import { momentOf } from './clock.ts';
import { concept } from './concepts.ts';
import type { ConceptName } from './concepts.ts';
import { demoStaff } from './demo-practice.ts';
import type { DemoStaff } from './demo-practice.ts';
import { staffReference } from './record-writer.ts';
import type { ConsultationWriter, RecordWriter } from './record-writer.ts';

export interface Medicine {
  readonly name: ConceptName;
  readonly dose: string;
  readonly quantity: number;
  readonly unit: string;
  /** Days that one issue lasts. */
  readonly days: number;
}

const COURSE = 'http://terminology.hl7.org/CodeSystem/medicationrequest-course-of-therapy';
const ACUTE: CodeableConcept = {
  coding: [{ system: COURSE, code: 'acute', display: 'Short course (acute) therapy' }],
  text: 'Acute',
};
const REPEAT: CodeableConcept = {
  coding: [{ system: COURSE, code: 'continuous', display: 'Continuous long term therapy' }],
  text: 'Repeat',
};
const PRESCRIBED_HERE = {
  url: UK_CORE_EXTENSION.medicationPrescribingOrganizationType,
  valueCodeableConcept: {
    coding: [
      {
        system: 'https://fhir.hl7.org.uk/CodeSystem/UKCore-MedicationPrescribingOrganization',
        code: 'prescribed-at-gp-practice',
        display: 'Prescribed at GP practice',
      },
    ],
  },
};

/** Issues further back than this are counted, not written: a long repeat would fill the record with slips. */
const ISSUES_WRITTEN_DAYS = 400;

/** A repeat: its plan, what the patient has, and the issues of the last year. */
export function prescribeRepeat(
  record: RecordWriter,
  medicine: Medicine,
  start: CivilDate,
  options: {
    readonly by: DemoStaff;
    readonly reason?: Reference<Condition>;
    readonly stopped?: { readonly on: CivilDate; readonly why: string };
  },
): void {
  const { by, reason, stopped } = options;
  const end =
    stopped?.on ??
    (record.person.died && compareCivilDates(record.person.died, record.today) < 0
      ? record.person.died
      : undefined);
  const until = end ?? record.today;
  const issues: CivilDate[] = [];
  let day = start;
  while (compareCivilDates(day, until) <= 0) {
    issues.push(day);
    // Patients order a little early or late.
    day = addDays(day, Math.max(7, medicine.days + record.chance.whole(-3, 4)));
  }
  const last = issues.at(-1) ?? start;
  const status = end === undefined ? 'active' : 'stopped';
  const common = {
    medicationCodeableConcept: concept(medicine.name),
    subject: record.subject,
    dosageInstruction: [{ text: medicine.dose }],
    requester: staffReference(by),
    recorder: staffReference(by),
    courseOfTherapyType: REPEAT,
    ...(reason && { reasonReference: [reason] }),
  };
  const supply = {
    quantity: { value: medicine.quantity, unit: medicine.unit },
    expectedSupplyDuration: {
      value: medicine.days,
      unit: 'day',
      system: 'http://unitsofmeasure.org',
      code: 'd',
    },
  };
  const plan = record.add({
    resourceType: 'MedicationRequest',
    id: record.newId(),
    extension: [
      {
        url: UK_CORE_EXTENSION.medicationRepeatInformation,
        extension: [
          { url: 'numberOfRepeatPrescriptionsAllowed', valueUnsignedInt: Math.max(12, issues.length) },
          { url: 'numberOfPrescriptionsIssued', valueUnsignedInt: issues.length },
          { url: 'authorisationExpiryDate', valueDateTime: formatCivilDate(addDays(last, 150)) },
        ],
      },
    ],
    status,
    ...(stopped && { statusReason: { text: stopped.why } }),
    intent: 'plan',
    authoredOn: momentOf(start, 600),
    ...common,
    dispenseRequest: {
      validityPeriod: { start: formatCivilDate(start), ...(end && { end: formatCivilDate(end) }) },
      ...supply,
    },
  });
  record.add({
    resourceType: 'MedicationStatement',
    id: record.newId(),
    extension: [
      { url: UK_CORE_EXTENSION.medicationStatementLastIssueDate, valueDateTime: formatCivilDate(last) },
      PRESCRIBED_HERE,
    ],
    basedOn: [plan],
    status,
    ...(stopped && { statusReason: [{ text: stopped.why }] }),
    medicationCodeableConcept: common.medicationCodeableConcept,
    subject: record.subject,
    effectivePeriod: { start: formatCivilDate(start), ...(end && { end: formatCivilDate(end) }) },
    dateAsserted: momentOf(start, 600),
    dosage: common.dosageInstruction,
  });
  for (const issued of issues) {
    if (daysBetween(issued, record.today) > ISSUES_WRITTEN_DAYS) continue;
    record.add({
      resourceType: 'MedicationRequest',
      id: record.newId(),
      status: compareCivilDates(issued, last) === 0 && status === 'active' ? 'active' : 'completed',
      intent: 'order',
      basedOn: [plan],
      authoredOn: momentOf(issued, 560),
      ...common,
      dispenseRequest: {
        validityPeriod: {
          start: formatCivilDate(issued),
          end: formatCivilDate(addDays(issued, medicine.days)),
        },
        ...supply,
      },
    });
  }
}

/** A short course, prescribed in a consultation: plan, order and statement; the order stands under "Medication". */
export function prescribeAcute(
  record: RecordWriter,
  consultation: ConsultationWriter,
  medicine: Medicine,
): void {
  const start = consultation.day;
  const end = addDays(start, medicine.days);
  const over = compareCivilDates(end, record.today) < 0;
  const status = over ? 'completed' : 'active';
  const common: Omit<MedicationRequest, 'id' | 'intent'> = {
    resourceType: 'MedicationRequest',
    status,
    medicationCodeableConcept: concept(medicine.name),
    subject: record.subject,
    encounter: consultation.encounter,
    authoredOn: consultation.time,
    requester: staffReference(consultation.by),
    recorder: staffReference(consultation.by),
    dosageInstruction: [{ text: medicine.dose }],
    courseOfTherapyType: ACUTE,
    dispenseRequest: {
      validityPeriod: { start: formatCivilDate(start), end: formatCivilDate(end) },
      quantity: { value: medicine.quantity, unit: medicine.unit },
      expectedSupplyDuration: {
        value: medicine.days,
        unit: 'day',
        system: 'http://unitsofmeasure.org',
        code: 'd',
      },
    },
  };
  const plan = record.add({
    ...structured(common),
    id: record.newId(),
    intent: 'plan',
  });
  const order = record.add({
    ...structured(common),
    id: record.newId(),
    intent: 'order',
    basedOn: [plan],
  });
  consultation.enter('Medication', order);
  record.add({
    resourceType: 'MedicationStatement',
    id: record.newId(),
    extension: [
      { url: UK_CORE_EXTENSION.medicationStatementLastIssueDate, valueDateTime: formatCivilDate(start) },
      PRESCRIBED_HERE,
    ],
    basedOn: [plan],
    status,
    medicationCodeableConcept: concept(medicine.name),
    subject: record.subject,
    context: consultation.encounter,
    effectivePeriod: { start: formatCivilDate(start), end: formatCivilDate(end) },
    dateAsserted: consultation.time,
    dosage: [{ text: medicine.dose }],
  });
}

/** Own copies: two resources of one record must not share an object that a reader might change. */
function structured<T>(value: T): T {
  return structuredClone(value);
}

/** Who signs repeats: mostly the partner, sometimes the locum. */
export function prescriberFor(record: RecordWriter): DemoStaff {
  return record.chance.yes(0.8) ? demoStaff.gp : demoStaff.locum;
}
