/**
 * A medicine on screen (NHS Common User Interface MEDi): generic name in lower case and bold first, BRAND in capitals, em
 * dash between parts, order drug, brand, strength, form, dose, rate, duration, route, frequency. Never cut.
 */
export type MedicationParts = {
  readonly drug: string;
  readonly brand?: string | undefined;
  readonly strength?: string | undefined;
  readonly form?: string | undefined;
  readonly dose?: string | undefined;
  readonly rate?: string | undefined;
  readonly duration?: string | undefined;
  readonly route?: string | undefined;
  readonly frequency?: string | undefined;
};

export type DisplaySegment = {
  readonly part: keyof MedicationParts;
  /** `DOSE` before a dose; null elsewhere */
  readonly label: string | null;
  readonly text: string;
  readonly bold: boolean;
};

const PART_SEPARATOR = ' — ';

const ORDER: readonly (keyof MedicationParts)[] = [
  'drug',
  'brand',
  'strength',
  'form',
  'dose',
  'rate',
  'duration',
  'route',
  'frequency',
];

export function medicationSegments(parts: MedicationParts): readonly DisplaySegment[] {
  return ORDER.flatMap((part) => {
    const text = parts[part]?.trim();
    if (text === undefined || text === '') return [];
    const shown =
      part === 'drug' ? text.toLowerCase() : part === 'brand' ? text.toUpperCase() : clearDose(text);
    return [
      { part, label: part === 'dose' ? 'DOSE' : null, text: shown, bold: part === 'drug' || part === 'dose' },
    ];
  });
}

/** The whole line as plain text, for print, search and screen readers. */
export function medicationLine(parts: MedicationParts): string {
  return medicationSegments(parts)
    .map(({ label, text }) => (label === null ? text : `${label} ${text}`))
    .join(PART_SEPARATOR);
}

/**
 * Numbers and units that cannot be misread (MEDi-038, 041..044): space before the unit, no trailing zero, leading zero,
 * comma from 1,000, micrograms and units in full, no @ > < & or backslash.
 */
export function clearDose(text: string): string {
  return text
    .replace(
      /(\d)\s*(mcg|µg|μg|ug|micrograms?|nanograms?|ng|mg|g|kg|ml|mL|l|L|iu|IU|units?|%|mmol)\b/g,
      (_match, digit: string, unit: string) => `${digit} ${UNIT_WORDS[unit] ?? unit}`,
    )
    .replace(/(?<![\d.,])\d*\.?\d+(?![\d.,]*\d)/g, clearNumber)
    .replaceAll('@', ' at ')
    .replaceAll('&', ' and ')
    .replaceAll('>', ' more than ')
    .replaceAll('<', ' less than ')
    .replaceAll('\\', ' ')
    .replace(/\s{2,}/g, ' ')
    .trim();
}

const UNIT_WORDS: Readonly<Record<string, string>> = {
  mcg: 'micrograms',
  µg: 'micrograms',
  μg: 'micrograms',
  ug: 'micrograms',
  ng: 'nanograms',
  iu: 'units',
  IU: 'units',
  mL: 'ml',
};

function clearNumber(number: string): string {
  const [whole = '', fraction] = number.split('.');
  const grouped = (whole === '' ? '0' : whole).replace(/\B(?=(?:\d{3})+$)/g, ',');
  const rest = fraction?.replace(/0+$/, '') ?? '';
  return rest === '' ? grouped : `${grouped}.${rest}`;
}
