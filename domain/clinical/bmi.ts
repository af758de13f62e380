import { daysBetween, parseCivilDate } from '../fhir/civil-date.ts';
import { displayDate } from './date-display.ts';

type BmiBand =
  'underweight' | 'healthy weight' | 'overweight' | 'obesity class 1' | 'obesity class 2' | 'obesity class 3';

export type BmiInput = {
  readonly weightKg: number;
  readonly heightCm: number;
  /** FHIR date of the height; undefined: measured now */
  readonly heightMeasured?: string | undefined;
  readonly today: string;
  readonly ageYears: number | null;
  readonly pregnancy: 'pregnant' | 'recent-birth' | 'not-pregnant' | 'not-asked';
  readonly selfReported?: { readonly height?: boolean; readonly weight?: boolean } | undefined;
  readonly limbMissing?: boolean | undefined;
};

export type Bmi = {
  /** one decimal, as shown and stored: `24.9` */
  readonly written: string;
  readonly value: number;
  /** null: bands do not apply, `notes` says why */
  readonly band: BmiBand | null;
  readonly notes: readonly string[];
};

/** A height older than this is said to be old (proposed; the clinical safety officer signs it). Children grow: 28 days. */
const OLD_HEIGHT_DAYS = { adult: 3 * 365, child: 28 } as const;

/**
 * Body mass index, kg/m², one decimal (half up). Bands of NICE NG246 for adults from 18, none in pregnancy;
 * the band is that of the value as shown, so that words and number never disagree.
 * Null unless both measures are above zero.
 */
export function bodyMassIndex(input: BmiInput): Bmi | null {
  const { weightKg, heightCm, ageYears, pregnancy } = input;
  if (!(weightKg > 0) || !(heightCm > 0)) return null;
  // Rounded in tenths of kg/m²: weight (kg) × 10,000 / height² (cm).
  const tenths = Math.round((weightKg * 100_000) / (heightCm * heightCm) + 1e-9);
  const value = tenths / 10;
  const notes: string[] = [];
  const adult = ageYears !== null && ageYears >= 18;
  let banded = true;
  if (!adult) {
    banded = false;
    notes.push(
      ageYears === null
        ? 'Age not known: adult bands are not shown.'
        : 'Under 18: adult bands do not apply, use the BMI centile for age and sex.',
    );
  }
  if (pregnancy === 'pregnant') {
    banded = false;
    notes.push('Pregnant: bands do not apply.');
  }
  if (adult && pregnancy === 'not-asked') notes.push('Pregnancy not asked: bands do not apply in pregnancy.');
  if (input.limbMissing === true) {
    banded = false;
    notes.push('A limb is missing: BMI is too low by the weight of the limb.');
  }
  if (banded) {
    notes.push(
      'For people of South Asian, Chinese, other Asian, Middle Eastern, Black African or African-Caribbean background: overweight from 23, obesity from 27.5.',
    );
  }
  notes.push(...heightNotes(input, adult));
  return { written: value.toFixed(1), value, band: banded ? bandOf(value) : null, notes };
}

function bandOf(value: number): BmiBand {
  if (value < 18.5) return 'underweight';
  if (value < 25) return 'healthy weight';
  if (value < 30) return 'overweight';
  if (value < 35) return 'obesity class 1';
  return value < 40 ? 'obesity class 2' : 'obesity class 3';
}

function heightNotes(input: BmiInput, adult: boolean): string[] {
  const notes: string[] = [];
  if (input.heightMeasured !== undefined && input.heightMeasured.slice(0, 10) !== input.today.slice(0, 10)) {
    const measured = parseCivilDate(input.heightMeasured.slice(0, 10));
    const today = parseCivilDate(input.today.slice(0, 10));
    const limit = adult ? OLD_HEIGHT_DAYS.adult : OLD_HEIGHT_DAYS.child;
    const old = measured === null || today === null || daysBetween(measured, today) > limit;
    notes.push(`Height of ${displayDate(input.heightMeasured)}${old ? ': old, measure again' : ''}.`);
  }
  if (input.selfReported?.height === true) notes.push('Height is self-reported.');
  if (input.selfReported?.weight === true) notes.push('Weight is self-reported.');
  return notes;
}
