import type { AllergyIntolerance, Patient } from '@medplum/fhirtypes';
import { parsePartialDate } from '../fhir/partial-date.ts';
import { bannerAge } from './age.ts';
import { summariseAllergies, type AllergyRecordState, type AllergySummary } from './allergy-summary.ts';
import { DATE_NOT_RECORDED, displayDate, longDate } from './date-display.ts';
import { cleanNhsNumber, formatNhsNumber } from './nhs-number.ts';
import { currentName, displayName, preferredName } from './patient-name.ts';

export const NHS_NUMBER_SYSTEM = 'https://fhir.nhs.uk/Id/nhs-number';

const BIRTH_TIME_URL = 'http://hl7.org/fhir/StructureDefinition/patient-birthTime';

/** A labelled item of the banner; `spoken` is what a screen reader says (long dates). */
type BannerItem = { readonly label: string; readonly value: string; readonly spoken: string };

/**
 * What the patient banner shows, in the order and under the labels of the NHS Common User Interface
 * (PAB-0016, 0022, 0023, 0033, 0034, 0036, 0042, 0055..0060).
 */
export type PatientBanner = {
  readonly patientId: string | null;
  /** `SMITH, John (Mr)` */
  readonly name: string;
  /** shown beside the name where it differs from it; null where none is recorded */
  readonly preferredName: string | null;
  readonly born: BannerItem;
  /** `(65y)` without label; null where it cannot be told, and for the deceased */
  readonly age: string | null;
  /** present only for the deceased: a different background colour *and* pattern are then required */
  readonly deceased: { readonly died: BannerItem; readonly ageAtDeath: BannerItem } | null;
  readonly gender: BannerItem;
  readonly nhsNumber: BannerItem;
  readonly allergies: AllergySummary;
};

export type BannerInput = {
  readonly patient: Patient;
  readonly allergies: readonly AllergyIntolerance[];
  readonly allergyState: AllergyRecordState;
  /** FHIR instant or date of now: the age is counted to its local day */
  readonly now: string;
};

export function patientBanner({ patient, allergies, allergyState, now }: BannerInput): PatientBanner {
  const birthTime = birthTimeOf(patient);
  const birth = { birthDate: patient.birthDate, birthTime };
  const died = deathOf(patient);
  const name = displayName(currentName(patient.name, now.slice(0, 10)));
  const preferred = preferredName(patient.name);
  return {
    patientId: patient.id ?? null,
    name,
    preferredName:
      preferred !== null && !name.toLowerCase().includes(preferred.toLowerCase()) ? preferred : null,
    born: dateItem('Born', patient.birthDate),
    age: died ? null : bannerAge(birth, { date: now }),
    deceased: died && {
      died: died.date === null ? item('Died', 'Date not recorded') : dateItem('Died', died.date),
      ageAtDeath: item(
        'Age at Death',
        (died.date === null ? null : bannerAge(birth, { date: died.date })) ?? DATE_NOT_RECORDED,
      ),
    },
    gender: item('Gender', genderWords(patient.gender)),
    nhsNumber: item('NHS No.', nhsNumberWords(patient)),
    allergies: summariseAllergies(allergies, allergyState),
  };
}

/** The verified NHS number of a patient, ten digits; null where there is none. */
export function nhsNumberOf(patient: Patient): string | null {
  const value = patient.identifier?.find((identifier) => identifier.system === NHS_NUMBER_SYSTEM)?.value;
  return value === undefined || cleanNhsNumber(value) === '' ? null : cleanNhsNumber(value);
}

/** Written in full, from a fixed list, never as a code (CGS-0003/0011). */
export function genderWords(gender: Patient['gender']): string {
  switch (gender) {
    case 'male':
      return 'Male';
    case 'female':
      return 'Female';
    case 'other':
      return 'Other';
    case 'unknown':
      return 'Not known';
    case undefined:
      return 'Not recorded';
  }
}

/** FHIR dateTime of birth (extension patient-birthTime, on `birthDate` or on the patient). */
function birthTimeOf(patient: Patient): string | undefined {
  const onBirthDate = (patient as { readonly _birthDate?: { readonly extension?: Patient['extension'] } })
    ._birthDate?.extension;
  return [...(onBirthDate ?? []), ...(patient.extension ?? [])].find(
    (extension) => extension.url === BIRTH_TIME_URL,
  )?.valueDateTime;
}

/** Null for the living. A date of death that cannot be read still means that the patient has died. */
function deathOf(patient: Patient): { readonly date: string | null } | null {
  if (patient.deceasedDateTime !== undefined) {
    return { date: parsePartialDate(patient.deceasedDateTime) ? patient.deceasedDateTime : null };
  }
  return patient.deceasedBoolean === true ? { date: null } : null;
}

function nhsNumberWords(patient: Patient): string {
  const number = nhsNumberOf(patient);
  return number === null ? 'Not recorded' : formatNhsNumber(number);
}

function dateItem(label: string, text: string | undefined): BannerItem {
  return { label, value: displayDate(text), spoken: longDate(text) };
}

function item(label: string, value: string): BannerItem {
  return { label, value, spoken: value };
}
