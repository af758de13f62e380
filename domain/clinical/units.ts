/**
 * Units: UCUM in data, words on screen. Units are equal only when they are listed as equal here; nothing is guessed,
 * and an unknown unit is shown as given and never plotted with others (clinical.md, Observations).
 */
const EQUAL_UNITS: Readonly<Record<string, readonly string[]>> = {
  '/min': [
    '/min',
    '{beats}/min',
    '{Beats}/min',
    '{Breaths}/min',
    '{breaths}/min',
    'bpm',
    'beats/min',
    'breaths/min',
    'beats per minute',
    'per minute',
    'min-1',
  ],
  'mm[Hg]': ['mm[Hg]', 'mmHg', 'mm Hg', 'millimetre of mercury', 'mm[hg]'],
  '%': ['%', 'percent', 'per cent'],
  Cel: ['Cel', '°C', 'degC', 'deg C', 'degree Celsius', 'degrees Celsius', 'Celsius'],
  kg: ['kg', 'Kg', 'KG', 'kilogram', 'kilograms', 'kgs'],
  cm: ['cm', 'centimetre', 'centimetres'],
  m: ['m', 'metre', 'metres'],
  'kg/m2': ['kg/m2', 'kg/m²', 'kg/m^2', 'Kg/m2'],
  'mmol/L': ['mmol/L', 'mmol/l', 'millimole per liter', 'millimole per litre'],
  'mmol/mol': ['mmol/mol', 'millimole per mole'],
  'L/min': ['L/min', 'l/min', 'litres/min', 'litre per minute', 'liter per minute'],
  '{ScoreOf}': ['{ScoreOf}', '{score}', 'score'],
  '/wk': ['/wk', '{units}/wk', 'units/week', 'U/week', 'units per week', 'unit/week'],
  // Says a day, not of what: cigars and tablets carry it as well, so it is never one with cigarettes a day.
  '/d': ['/d'],
  '{cigarettes}/d': ['{cigarettes}/d', 'cigarettes/day', 'Cigarettes/day', 'cigarettes per day'],
};

const WORDS: Readonly<Record<string, string>> = {
  '/min': 'per minute',
  'mm[Hg]': 'mmHg',
  '%': '%',
  Cel: '°C',
  kg: 'kg',
  cm: 'cm',
  m: 'm',
  'kg/m2': 'kg/m²',
  'mmol/L': 'mmol/L',
  'mmol/mol': 'mmol/mol',
  'L/min': 'L/min',
  '{ScoreOf}': '',
  '/wk': 'units a week',
  '/d': 'a day',
  '{cigarettes}/d': 'cigarettes a day',
};

const CANONICAL: ReadonlyMap<string, string> = new Map(
  Object.entries(EQUAL_UNITS).flatMap(([canonical, spellings]) =>
    spellings.map((spelling) => [spelling, canonical]),
  ),
);

/** The one UCUM spelling for a unit that is known; null for one that is not. Case counts: `mmol/L` is not `MMOL/L`. */
export function canonicalUnit(unit: string | undefined): string | null {
  return unit === undefined ? null : (CANONICAL.get(unit.trim()) ?? null);
}

/** The unit in words for the screen; an unknown unit as it was given. */
export function unitWords(unit: string | undefined): string {
  if (unit === undefined) return '';
  const canonical = canonicalUnit(unit);
  return canonical === null ? unit : (WORDS[canonical] ?? unit);
}

/** Whether two units may share one series. Two unknown units never do, unless they are written alike. */
export function areSameUnit(left: string | undefined, right: string | undefined): boolean {
  if (left === undefined || right === undefined) return false;
  const canonical = canonicalUnit(left);
  return canonical === null
    ? left.trim() === right.trim() && canonicalUnit(right) === null
    : canonical === canonicalUnit(right);
}

/** A number shown in another unit than it was recorded in; always said to be converted. */
export type ConvertedValue = { readonly written: string; readonly unit: string; readonly words: string };

/**
 * Height recorded in metres (as GP systems send it) in centimetres, exactly: 1.829 m is "182.9 cm (recorded as 1.829 m)".
 * Null unless the text is a plain decimal.
 */
export function metresAsCentimetres(written: string): ConvertedValue | null {
  const shifted = shiftPoint(written, 2);
  return shifted === null
    ? null
    : { written: shifted, unit: 'cm', words: `${shifted} cm (recorded as ${written} m)` };
}

/** Moves the decimal point to the right without going through a binary number. */
function shiftPoint(written: string, places: number): string | null {
  const match = /^(\d+)(?:\.(\d*))?$/.exec(written);
  if (!match) return null;
  const fraction = (match[2] ?? '').padEnd(places, '0');
  const whole = ((match[1] ?? '') + fraction.slice(0, places)).replace(/^0+(?=\d)/, '');
  const rest = fraction.slice(places);
  return rest === '' ? whole : `${whole}.${rest}`;
}
