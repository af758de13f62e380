import type { MedicationAdministration, MedicationStatement } from '@medplum/fhirtypes';
import { EXTENSION } from './record-extensions.ts';
import { althoughExtension, type RecordedAlthough } from './recorded-although.ts';
import {
  authorReference,
  conceptOf,
  edit,
  notesOf,
  patientReference,
  type EditContext,
  type EnteredConcept,
  type RecordEdit,
} from './record-edit.ts';

export interface EditedMedicine {
  /** What spoke against it and was overruled. */
  readonly although?: RecordedAlthough;
  readonly id: string;
  readonly drug: EnteredConcept;
  readonly dose?: string;
  readonly started?: string;
  readonly ended?: string;
  /** Who prescribes it, in words: `Hospital`, `Bought by the patient` … */
  readonly source: 'prescribed elsewhere' | 'over the counter' | 'patient reports';
  readonly text?: string;
}

const MEDICINE_SOURCE_SYSTEM = 'https://gladstone.example/CodeSystem/medicine-source';

const STATEMENT_SOURCES: Readonly<Record<EditedMedicine['source'], { code: string; text: string }>> = {
  'prescribed elsewhere': { code: 'given-elsewhere', text: 'Prescribed by another organisation' },
  'over the counter': { code: 'over-the-counter', text: 'Bought over the counter' },
  'patient reports': { code: 'patientspecified', text: 'Reported by the patient' },
};

/** A medicine that the patient takes and this practice does not prescribe. */
export function medicineTaken(medicine: EditedMedicine, context: EditContext): RecordEdit {
  const source = STATEMENT_SOURCES[medicine.source];
  const resource: MedicationStatement = {
    resourceType: 'MedicationStatement',
    id: medicine.id,
    extension: [
      { url: EXTENSION.prescribingOrganizationType, valueCodeableConcept: { text: source.text } },
      ...althoughExtension(medicine.although),
    ],
    status: medicine.ended === undefined ? 'active' : 'completed',
    category: {
      coding: [{ system: MEDICINE_SOURCE_SYSTEM, code: source.code }],
      text: source.text,
    },
    medicationCodeableConcept: conceptOf(medicine.drug),
    subject: patientReference(context),
    ...(context.encounterId !== undefined && {
      context: { reference: `Encounter/${context.encounterId}` },
    }),
    // FHIR knows no empty element: the service would refuse the whole entry.
    ...((medicine.started !== undefined || medicine.ended !== undefined) && {
      effectivePeriod: {
        ...(medicine.started !== undefined && { start: medicine.started }),
        ...(medicine.ended !== undefined && { end: medicine.ended }),
      },
    }),
    dateAsserted: context.recorded,
    informationSource: authorReference(context),
    ...(medicine.dose !== undefined && { dosage: [{ text: medicine.dose }] }),
    ...notesOf(medicine.text, context),
  };
  return edit('create', resource);
}

export interface GivenMedicine {
  readonly although?: RecordedAlthough;
  readonly id: string;
  readonly drug: EnteredConcept;
  readonly dose?: string;
  readonly route?: string;
  readonly site?: string;
  readonly batch?: string;
  /** FHIR dateTime. */
  readonly given: string;
  readonly text?: string;
}

/** Whether stopping it is a prescriber's decision: all but what a person here wrote down as taken elsewhere. */
export function isPrescribed(medicine: MedicationStatement): boolean {
  return medicine.category?.coding?.some((coding) => coding.system === MEDICINE_SOURCE_SYSTEM) !== true;
}

/** A medicine given here and now: an injection, a nebuliser. */
export function medicineGiven(medicine: GivenMedicine, context: EditContext): RecordEdit {
  const dose = doseQuantity(medicine.dose);
  const words = [
    medicine.text,
    // R4 takes a dosage only with an amount; other words of a dose are kept beside it.
    dose === null && medicine.dose !== undefined ? `Dose: ${medicine.dose}` : undefined,
    dose === null && medicine.route !== undefined ? `Route: ${medicine.route}` : undefined,
    dose === null && medicine.site !== undefined ? `Site: ${medicine.site}` : undefined,
    medicine.batch === undefined ? undefined : `Batch ${medicine.batch}`,
  ]
    .filter((part) => part !== undefined && part !== '')
    .join('\n');
  const resource: MedicationAdministration = {
    resourceType: 'MedicationAdministration',
    id: medicine.id,
    ...(medicine.although !== undefined && { extension: althoughExtension(medicine.although) }),
    status: 'completed',
    medicationCodeableConcept: conceptOf(medicine.drug),
    subject: patientReference(context),
    ...(context.encounterId !== undefined && {
      context: { reference: `Encounter/${context.encounterId}` },
    }),
    effectiveDateTime: medicine.given,
    performer: [{ actor: authorReference(context) }],
    ...(dose !== null && {
      dosage: {
        ...(medicine.dose !== undefined && { text: medicine.dose }),
        dose,
        ...(medicine.route !== undefined && { route: { text: medicine.route } }),
        ...(medicine.site !== undefined && { site: { text: medicine.site } }),
      },
    }),
    ...notesOf(words, context),
  };
  return edit('append', resource);
}

/** `40 mg` or `1,000 units` as an amount; `null` for words that are none. */
function doseQuantity(dose: string | undefined): { readonly value: number; readonly unit: string } | null {
  const match = /^(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)\s*([^\d\s,.].*)$/.exec(dose?.trim() ?? '');
  return match?.[1] !== undefined && match[2] !== undefined
    ? { value: Number(match[1].replaceAll(',', '')), unit: match[2] }
    : null;
}

/** A medicine stopped, with its reason. What a repeat template allows is not touched: issuing is elsewhere's. */
export function stopMedicine(
  medicine: MedicationStatement,
  stop: { readonly date: string; readonly reason: string },
  context: EditContext,
): RecordEdit {
  return edit(
    'amend',
    {
      ...medicine,
      status: 'stopped',
      statusReason: [...(medicine.statusReason ?? []), { text: stop.reason }],
      effectivePeriod: { ...medicine.effectivePeriod, end: stop.date },
      note: [
        ...(medicine.note ?? []),
        {
          text: `Stopped: ${stop.reason}`,
          time: context.recorded,
          authorReference: authorReference(context),
        },
      ],
    },
    stop.reason,
  );
}
