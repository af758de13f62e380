/**
 * A dose on screen (NHS Common User Interface MEDi-007, 018, 038, 041..044, 051): what a record holds in parts is worded
 * here; what somebody wrote as words stands as written, and what is being written now may be made clearer first.
 */

/** A dose that is held in parts, each in words already. */
export interface DoseParts {
  readonly dose?: string | null;
  readonly rate?: string | null;
  readonly duration?: string | null;
  readonly route?: string | null;
  readonly frequency?: string | null;
}

export interface DoseSegment {
  readonly text: string;
  /** The dose with its unit; of a dose that was written as words, all of it. */
  readonly bold: boolean;
}

const ORDER = ['dose', 'rate', 'duration', 'route', 'frequency'] as const;

/** The parts that there are, in the order of MEDi-051; between them stands {@link DOSE_PART_SEPARATOR}. */
export function doseSegments(parts: DoseParts): readonly DoseSegment[] {
  return ORDER.flatMap((part) => {
    const text = parts[part]?.trim() ?? '';
    return text === '' ? [] : [{ text, bold: part === 'dose' }];
  });
}

export const DOSE_PART_SEPARATOR = ' — ';

/** The whole of it as plain text: for print, search and where nothing can be bold. */
export function doseLine(segments: readonly DoseSegment[]): string {
  return segments.map(({ text }) => text).join(DOSE_PART_SEPARATOR);
}

const COMPARATORS: Readonly<Record<string, string>> = {
  '<': 'less than ',
  '<=': 'at most ',
  '>=': 'at least ',
  '>': 'more than ',
};

/**
 * `1,000 units`, `0.5 mg`, `more than 5 ml`: an amount that a record holds as number and unit.
 * @param number a plain decimal as written
 * @param unit words or a UCUM code; null where the record gives none
 * @param comparator of FHIR: `<`, `<=`, `>=`, `>`
 */
export function amountWords(number: string, unit: string | null, comparator?: string): string {
  const words = `${COMPARATORS[comparator ?? ''] ?? ''}${/^\d*\.?\d+$/.test(number) ? clearNumber(number) : number}`;
  return unit === null ? words : `${words} ${unitInFull(unit)}`;
}

/** A unit in words that cannot be misread; one that is not known as it came. */
function unitInFull(unit: string): string {
  return UNITS_IN_FULL[unit] ?? unit;
}

const UNITS_IN_FULL: Readonly<Record<string, string>> = {
  mcg: 'micrograms',
  µg: 'micrograms',
  μg: 'micrograms',
  ug: 'micrograms',
  ng: 'nanograms',
  iu: 'units',
  IU: 'units',
  u: 'units',
  U: 'units',
  '[iU]': 'units',
  '[IU]': 'units',
  mL: 'ml',
  L: 'litres',
  l: 'litres',
};

/** What a number of a dose is followed by. A number before anything else may be a year or a time, and is left alone. */
const UNIT =
  'micrograms?|nanograms?|mcg|[µμu]g|ng|mg|kg|g|mmol|m[lL]|[lL]|iu|IU|units?|[uU]|%|tablets?|tabs?|capsules?|caps?|puffs?|drops?|sprays?|sachets?';

const AMOUNT = new RegExp(
  String.raw`(?<![\w.,])(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d*\.?\d+)\s*(${UNIT})(?![A-Za-z])`,
  'g',
);

/**
 * The same words, with amounts set clearly: a space before the unit, no trailing zero, a leading zero, a comma from 1,000.
 * No word and no unit is replaced, so that nobody is asked.
 */
export function spacedDose(text: string): string {
  return text
    .trim()
    .replace(
      AMOUNT,
      (_match, number: string, unit: string) => `${clearNumber(number.replaceAll(',', ''))} ${unit}`,
    )
    .replace(/(?<![\w.,])\.(?=\d)/g, '0.');
}

/**
 * What is better written before it is saved: {@link spacedDose}, with micrograms and units in full and words for
 * @ > < & and /. It replaces words, so a person accepts it.
 */
export function clearDose(text: string): string {
  return spacedDose(text)
    .replace(/(?<=\d )(?:iu|IU|[uU]|ng|mL)(?![A-Za-z])/g, unitInFull)
    .replace(/(?<![A-Za-z])(?:mcg|[µμu]g)(?![A-Za-z])/g, unitInFull)
    .replace(
      /\b(micrograms|nanograms|mg|g|ml|units|mmol)\s*\/\s*(?=\d|ml\b|kg\b|dose\b|day\b|hour\b|puff\b)/g,
      '$1 per ',
    )
    .replace(/\s*@\s*/g, ' at ')
    .replace(/\s*&\s*/g, ' and ')
    .replace(/\s*>\s*(?=\d)/g, ' more than ')
    .replace(/\s*<\s*(?=\d)/g, ' less than ')
    .trim();
}

function clearNumber(number: string): string {
  const [whole = '', fraction] = number.split('.');
  const grouped = (whole === '' ? '0' : whole).replace(/\B(?=(?:\d{3})+$)/g, ',');
  const rest = fraction?.replace(/0+$/, '') ?? '';
  return rest === '' ? grouped : `${grouped}.${rest}`;
}
