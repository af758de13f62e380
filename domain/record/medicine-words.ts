/** What a medicine is and how it is taken, in words, from any of the resources that say so. */
import type {
  CodeableConcept,
  Dosage,
  Duration,
  Quantity,
  Range,
  Ratio,
  Reference,
} from '@medplum/fhirtypes';
import { displayDate } from '../clinical/date-display.ts';
import { amountWords, doseLine, doseSegments, type DoseSegment } from '../clinical/medication-display.ts';
import { conceptText } from '../fhir/codeable-concept.ts';
import { quantityWritten } from '../fhir/quantity.ts';
import type { RecordContents } from './record-contents.ts';

interface Medicinal {
  readonly medicationCodeableConcept?: CodeableConcept;
  readonly medicationReference?: Reference;
}

/** The medicine's concept, from the entry itself or from what it names. */
export function medicineConcept(
  resource: Medicinal & { readonly resourceType: string },
  contents: RecordContents,
): CodeableConcept | undefined {
  if (resource.medicationCodeableConcept) return resource.medicationCodeableConcept;
  const medication = contents.resolve(
    resource.medicationReference,
    'Medication',
    resource as Parameters<RecordContents['resolve']>[2],
  );
  if (medication?.code) return medication.code;
  const display = resource.medicationReference?.display;
  return display === undefined ? undefined : { text: display };
}

/** One after the other, as `2 tablets for a week; then 1 tablet`; each in its parts. */
export type DoseWords = readonly (readonly DoseSegment[])[];

export const THEN = '; then ';

/** How it is taken: as written, else from its parts by the rules of display. Empty where nothing is said. */
export function doseWords(dosages: readonly Dosage[] | undefined): DoseWords {
  return (dosages ?? []).map(oneDose).filter((segments) => segments.length > 0);
}

/** {@link doseWords} as plain text; null where nothing is said. */
export function doseText(dosages: readonly Dosage[] | undefined): string | null {
  return doseWords(dosages).map(doseLine).join(THEN) || null;
}

/** A medicine that was given: its dosage as written, else the amount and rate in words. */
export function givenDose(
  dosage:
    | {
        readonly text?: string;
        readonly dose?: Quantity;
        readonly rateQuantity?: Quantity;
        readonly rateRatio?: Ratio;
      }
    | undefined,
): readonly DoseSegment[] {
  if (dosage?.text) return [{ text: dosage.text, bold: true }];
  return doseSegments({
    dose: amountText(dosage?.dose),
    rate: amountText(dosage?.rateQuantity) ?? ratioWords(dosage?.rateRatio),
  });
}

/** `1,000 ml`: an amount of a medicine by the rules of display; null where there is none. */
export function amountText(quantity: Quantity | undefined): string | null {
  if (quantity === undefined) return null;
  const unit = quantity.unit ?? quantity.code ?? null;
  const written = quantityWritten(quantity);
  return written === null ? unit : amountWords(written, unit, quantity.comparator);
}

function oneDose(dosage: Dosage): readonly DoseSegment[] {
  const written = [dosage.text, dosage.patientInstruction].filter(
    (part) => part !== undefined && part !== '',
  );
  if (written.length > 0) return [{ text: [...new Set(written)].join('; '), bold: true }];
  const given = dosage.doseAndRate?.[0];
  const duration = dosage.timing?.repeat?.boundsDuration;
  return doseSegments({
    dose: amountText(given?.doseQuantity) ?? rangeWords(given?.doseRange),
    rate: amountText(given?.rateQuantity) ?? rangeWords(given?.rateRange) ?? ratioWords(given?.rateRatio),
    duration: duration === undefined ? null : lasting(duration),
    route: [conceptText(dosage.method), conceptText(dosage.route), conceptText(dosage.site)]
      .filter((part) => part !== null)
      .join(', '),
    frequency: [frequencyWords(dosage), asNeededWords(dosage), untilWords(dosage)]
      .filter((part) => part !== null)
      .join(', '),
  });
}

function rangeWords(range: Range | undefined): string | null {
  const low = amountText(range?.low);
  const high = amountText(range?.high);
  if (low === null || high === null) return low === null ? high && `up to ${high}` : `from ${low}`;
  // One unit is said once: `1 to 2 tablets`.
  const shared = range?.low?.unit === range?.high?.unit ? quantityWritten(range?.low) : null;
  return `${shared ?? low} to ${high}`;
}

function ratioWords(ratio: Ratio | undefined): string | null {
  const amount = amountText(ratio?.numerator);
  if (amount === null) return null;
  const per = ratio?.denominator;
  if (per === undefined) return amount;
  const written = quantityWritten(per);
  const unit = timeUnit(per.unit ?? per.code);
  return `${amount} per ${written === '1' || written === null ? unit : plural(written, unit)}`;
}

/** UCUM units of time, as R4 gives them. */
const TIME_UNITS: Readonly<Record<string, string>> = {
  s: 'second',
  min: 'minute',
  h: 'hour',
  d: 'day',
  wk: 'week',
  mo: 'month',
  a: 'year',
};

function timeUnit(code: string | undefined): string {
  return TIME_UNITS[code ?? ''] ?? code ?? 'unit of time not recorded';
}

function lasting(duration: Duration): string {
  const written = quantityWritten(duration);
  const unit = timeUnit(duration.code ?? duration.unit);
  return written === null ? unit : plural(written, unit);
}

function plural(number: string, unit: string): string {
  return `${number} ${unit}${number === '1' || unit.endsWith('s') ? '' : 's'}`;
}

function frequencyWords({ timing }: Dosage): string | null {
  const said = conceptText(timing?.code);
  if (said !== null) return said;
  const repeat = timing?.repeat;
  if (!repeat) return null;
  const { frequency, frequencyMax, period, periodMax, periodUnit } = repeat;
  const often =
    period === undefined
      ? frequency === undefined
        ? null
        : timesWords(frequency, frequencyMax)
      : (frequency ?? 1) === 1 && frequencyMax === undefined && (period !== 1 || periodMax !== undefined)
        ? `every ${every(period, periodMax)} ${timeUnit(periodUnit)}s`
        : `${timesWords(frequency ?? 1, frequencyMax)} ${
            period === 1
              ? periodUnit === 'h'
                ? 'an hour'
                : `a ${timeUnit(periodUnit)}`
              : `every ${every(period, periodMax)} ${timeUnit(periodUnit)}s`
          }`;
  const at = [
    ...(repeat.dayOfWeek ?? []).map((day) => `on ${DAYS[day] ?? day}`),
    ...(repeat.timeOfDay ?? []).map((time) => `at ${time.slice(0, 5)}`),
    ...(repeat.when ?? []).map((when) => EVENTS[when] ?? when),
    ...(repeat.count === undefined ? [] : [`${repeat.count} in all`]),
  ];
  return [...(often === null ? [] : [often]), ...at].join(', ') || null;
}

function every(period: number, periodMax: number | undefined): string {
  return periodMax === undefined ? String(period) : `${period} to ${periodMax}`;
}

function timesWords(times: number, most: number | undefined): string {
  if (most !== undefined) return `${times} to ${most} times`;
  return times === 1 ? 'once' : times === 2 ? 'twice' : `${times} times`;
}

const DAYS: Readonly<Record<string, string>> = {
  mon: 'Monday',
  tue: 'Tuesday',
  wed: 'Wednesday',
  thu: 'Thursday',
  fri: 'Friday',
  sat: 'Saturday',
  sun: 'Sunday',
};

/** Codes of `EventTiming` that prescriptions use; another stands as its code. */
const EVENTS: Readonly<Record<string, string>> = {
  MORN: 'in the morning',
  NOON: 'at noon',
  AFT: 'in the afternoon',
  EVE: 'in the evening',
  NIGHT: 'at night',
  HS: 'before sleep',
  WAKE: 'on waking',
  C: 'with meals',
  CM: 'with breakfast',
  CD: 'with lunch',
  CV: 'with the evening meal',
  AC: 'before meals',
  ACM: 'before breakfast',
  ACD: 'before lunch',
  ACV: 'before the evening meal',
  PC: 'after meals',
  PCM: 'after breakfast',
  PCD: 'after lunch',
  PCV: 'after the evening meal',
};

function asNeededWords(dosage: Dosage): string | null {
  const reason = conceptText(dosage.asNeededCodeableConcept);
  if (reason !== null) return `as needed for ${reason}`;
  return dosage.asNeededBoolean === true ? 'as needed' : null;
}

function untilWords({ timing, maxDosePerPeriod }: Dosage): string | null {
  const end = timing?.repeat?.boundsPeriod?.end;
  const most = ratioWords(maxDosePerPeriod);
  return (
    [
      ...(end === undefined ? [] : [`until ${displayDate(end)}`]),
      ...(most === null ? [] : [`at most ${most}`]),
    ].join(', ') || null
  );
}
