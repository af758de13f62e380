import {
  BLOOD_PRESSURE,
  CHOICE_DEFINITIONS,
  displayDecimals,
  NUMBER_DEFINITIONS,
  type Choice,
  type ChoiceKey,
  type Limits,
  type NumberKey,
} from './observation-definitions.ts';
import { unitWords } from './units.ts';

/** What a box can hold: a number as written, or a word for why there is none. All are kept. */
export type EnteredValue =
  | { readonly kind: 'number'; readonly written: string; readonly enteredAs?: string }
  | { readonly kind: 'off-scale'; readonly reading: 'HI' | 'LO' }
  | { readonly kind: 'unrecordable' }
  | { readonly kind: 'declined' }
  | { readonly kind: 'not-done' };

export type EnteredPressure = { readonly systolic: EnteredValue; readonly diastolic: EnteredValue };

/**
 * What the box says. `refused`: it cannot be, the text stays in the box with words. `unlikely`: a word, and a second
 * Enter accepts. `alarm` is raised at once and is never a question (HI, LO, unrecordable).
 */
export type Entry<T> =
  | { readonly verdict: 'blank' }
  | { readonly verdict: 'refused'; readonly words: string; readonly suggestion?: string }
  | { readonly verdict: 'unlikely'; readonly value: T; readonly words: string }
  | { readonly verdict: 'ok'; readonly value: T; readonly alarm?: string };

export type EntryPatient = {
  /** whole months; null where it is not known. Usual ranges are for adults and are not applied under 16. */
  readonly ageMonths: number | null;
};

/** Reads a box that takes one number: `72`, `37.2`, HI, LO, `unrecordable`, `declined`, `not done` (or u, d, n). */
export function readNumberEntry(key: NumberKey, text: string, patient: EntryPatient): Entry<EnteredValue> {
  const typed = text.trim();
  if (typed === '') return { verdict: 'blank' };
  const definition = NUMBER_DEFINITIONS[key];
  const word = wordOf(typed);
  if (word)
    return wordEntry(word, definition.label, key === 'glucose' || key === 'spo2' || key === 'temperature');
  const imperial = imperialValue(key, typed);
  const number = readDecimal(imperial?.written ?? typed);
  if (!number.ok) return { verdict: 'refused', words: number.words };
  const allowed = Math.max(definition.entryDecimals, displayDecimals(key, patient.ageMonths));
  if (number.decimals > allowed) {
    return {
      verdict: 'refused',
      words: `${definition.label}: ${allowed === 0 ? 'whole numbers only' : `at most ${allowed} decimal${allowed === 1 ? '' : 's'}`}.`,
    };
  }
  const unit = unitWords(definition.ucum);
  if (!within(definition.possible, number.value)) {
    const suggestion = suggestionFor(key, number.written, definition.possible);
    const words = `${definition.label} ${number.written} is not possible: ${rangeWords(definition.possible)} ${unit}.`;
    return suggestion === null
      ? { verdict: 'refused', words }
      : { verdict: 'refused', words: `${words} Did you mean ${suggestion}?`, suggestion };
  }
  const value: EnteredValue = imperial
    ? { kind: 'number', written: number.written, enteredAs: imperial.enteredAs }
    : { kind: 'number', written: number.written };
  if (definition.usual && usualApplies(patient) && !within(definition.usual, number.value)) {
    return {
      verdict: 'unlikely',
      value,
      words: unlikelyWords(definition.label, number.written, unit, definition.usual),
    };
  }
  return { verdict: 'ok', value };
}

/** Reads `128/76`, `128 76`, `128-76`, `90/p` (felt only), `unrecordable`, `declined`, `not done`. */
export function readPressureEntry(text: string, patient: EntryPatient): Entry<EnteredPressure> {
  const typed = text.trim();
  if (typed === '') return { verdict: 'blank' };
  const word = wordOf(typed);
  if (word) {
    const entry = wordEntry(word, BLOOD_PRESSURE.label, false);
    return entry.verdict === 'ok'
      ? { ...entry, value: { systolic: entry.value, diastolic: entry.value } }
      : (entry as Entry<EnteredPressure>);
  }
  const match = /^(\d+(?:\.\d+)?)\s*[/\s-]\s*(\d+(?:\.\d+)?|p|palp)$/i.exec(typed);
  if (!match) return { verdict: 'refused', words: 'Enter systolic and diastolic, like 128/76.' };
  const [, systolicText = '', diastolicText = ''] = match;
  if (systolicText.includes('.') || diastolicText.includes('.'))
    return { verdict: 'refused', words: 'Blood pressure: whole numbers only.' };
  const palpated = /^p/i.test(diastolicText);
  const systolic = Number(systolicText);
  const diastolic = palpated ? null : Number(diastolicText);
  const { possible, usual } = BLOOD_PRESSURE.systolic;
  if (!within(possible, systolic))
    return {
      verdict: 'refused',
      words: `Systolic ${systolic} is not possible: ${rangeWords(possible)} mmHg.`,
    };
  if (diastolic !== null && !within(BLOOD_PRESSURE.diastolic.possible, diastolic)) {
    return {
      verdict: 'refused',
      words: `Diastolic ${diastolic} is not possible: ${rangeWords(BLOOD_PRESSURE.diastolic.possible)} mmHg.`,
    };
  }
  if (diastolic !== null && systolic <= diastolic) {
    return {
      verdict: 'refused',
      words: 'Systolic must be above diastolic.',
      suggestion: `${diastolic}/${systolic}`,
    };
  }
  const value: EnteredPressure = {
    systolic: { kind: 'number', written: String(systolic) },
    diastolic: diastolic === null ? { kind: 'unrecordable' } : { kind: 'number', written: String(diastolic) },
  };
  const odd: string[] = [];
  if (!within(usual, systolic)) odd.push(`systolic ${systolic}`);
  if (diastolic !== null && !within(BLOOD_PRESSURE.diastolic.usual, diastolic))
    odd.push(`diastolic ${diastolic}`);
  if (odd.length > 0 && usualApplies(patient)) {
    return {
      verdict: 'unlikely',
      value,
      words: `Unusual for an adult: ${odd.join(' and ')} mmHg. Enter again to keep it.`,
    };
  }
  return palpated
    ? { verdict: 'ok', value, alarm: 'Diastolic could not be recorded.' }
    : { verdict: 'ok', value };
}

/** Reads a box of choices by its key, its label's beginning or its value: `a` or `alert`. */
export function readChoiceEntry(key: ChoiceKey, text: string): Entry<Choice> {
  const typed = text.trim().toLowerCase();
  if (typed === '') return { verdict: 'blank' };
  const { choices, label } = CHOICE_DEFINITIONS[key];
  const exact = choices.filter(
    (choice) => choice.value === typed || (typed.length === 1 && choice.keys.includes(typed)),
  );
  const matches =
    exact.length > 0 ? exact : choices.filter((choice) => choice.label.toLowerCase().startsWith(typed));
  const [only] = matches;
  if (only && matches.length === 1) return { verdict: 'ok', value: only };
  return {
    verdict: 'refused',
    words: `${label}: choose ${choices.map((choice) => `${choice.label} (${choice.keys.charAt(0)})`).join(', ')}.`,
  };
}

type Word = 'HI' | 'LO' | 'unrecordable' | 'declined' | 'not-done';

function wordOf(typed: string): Word | null {
  const lower = typed.toLowerCase();
  if (lower === 'hi' || lower === 'high') return 'HI';
  if (lower === 'lo' || lower === 'low') return 'LO';
  if (
    lower === 'u' ||
    (lower.length >= 3 && ('unrecordable'.startsWith(lower) || 'unable'.startsWith(lower)))
  )
    return 'unrecordable';
  if (lower === 'd' || (lower.length >= 3 && ('declined'.startsWith(lower) || 'refused'.startsWith(lower))))
    return 'declined';
  if (lower === 'n' || lower === 'nd' || lower === 'not done' || lower === 'not-done') return 'not-done';
  return null;
}

function wordEntry(word: Word, label: string, hasMeter: boolean): Entry<EnteredValue> {
  switch (word) {
    case 'HI':
    case 'LO':
      return hasMeter
        ? {
            verdict: 'ok',
            value: { kind: 'off-scale', reading: word },
            alarm: `${label} reads ${word}: ${word === 'HI' ? 'above' : 'below'} what the meter can show. Act on it now.`,
          }
        : { verdict: 'refused', words: `${label}: ${word} is a meter's reading and does not apply here.` };
    case 'unrecordable':
      return {
        verdict: 'ok',
        value: { kind: 'unrecordable' },
        alarm: `${label} could not be recorded. Assess the patient now.`,
      };
    case 'declined':
      return { verdict: 'ok', value: { kind: 'declined' } };
    case 'not-done':
      return { verdict: 'ok', value: { kind: 'not-done' } };
  }
}

type Decimal =
  | { readonly ok: true; readonly written: string; readonly value: number; readonly decimals: number }
  | { readonly ok: false; readonly words: string };

/** A plain decimal, kept as typed but for a missing leading zero and needless ones (`.5` is `0.5`, `072` is `72`). */
function readDecimal(typed: string): Decimal {
  if (/^\d+,\d+$/.test(typed)) return { ok: false, words: 'Use a point for decimals, like 37.2.' };
  const match = /^(\d*)(?:\.(\d+))?$/.exec(typed);
  if (!match || (match[1] === '' && match[2] === undefined))
    return { ok: false, words: 'Enter a number, or unrecordable, declined, not done.' };
  const whole = (match[1] ?? '').replace(/^0+(?=\d)/, '') || '0';
  const written = match[2] === undefined ? whole : `${whole}.${match[2]}`;
  return { ok: true, written, value: Number(written), decimals: match[2]?.length ?? 0 };
}

/** `5'10"` or `5ft 10in`, `12st 4` or `12 st 4 lb`: what people say of themselves, kept beside the metric value. */
function imperialValue(
  key: NumberKey,
  typed: string,
): { readonly written: string; readonly enteredAs: string } | null {
  if (key === 'height') {
    const match = /^(\d)\s*(?:'|ft|feet)\s*(?:(\d{1,2})\s*(?:"|''|in|inches)?)?$/i.exec(typed);
    if (!match || Number(match[2] ?? 0) > 11) return null;
    const inches = Number(match[1]) * 12 + Number(match[2] ?? 0);
    return {
      written: (Math.round(inches * 25.4) / 10).toFixed(1),
      enteredAs: `${match[1] ?? ''} ft ${match[2] ?? '0'} in`,
    };
  }
  if (key === 'weight') {
    const match = /^(\d{1,2})\s*st(?:one)?\s*(?:(\d{1,2})\s*(?:lb|lbs|pounds)?)?$/i.exec(typed);
    if (!match || Number(match[2] ?? 0) > 13) return null;
    const pounds = Number(match[1]) * 14 + Number(match[2] ?? 0);
    return {
      written: (Math.round(pounds * 4.535_923_7) / 10).toFixed(1),
      enteredAs: `${match[1] ?? ''} st ${match[2] ?? '0'} lb`,
    };
  }
  return null;
}

/** A slip of the decimal point (`372`) or metres for centimetres (`1.75`), offered, never applied. */
function suggestionFor(key: NumberKey, written: string, possible: Limits): string | null {
  const value = Number(written);
  if (key === 'temperature' && /^\d{3}$/.test(written)) {
    const shifted = value / 10;
    return within(possible, shifted) ? shifted.toFixed(1) : null;
  }
  if (key === 'height' && value >= 0.4 && value <= 2.5) return String(Math.round(value * 1000) / 10);
  return null;
}

/** Under 16 an adult’s usual range says nothing; of unknown age it is still worth one question. */
export function usualApplies(patient: EntryPatient): boolean {
  return patient.ageMonths === null || patient.ageMonths >= 192;
}

function within({ low, high }: Limits, value: number): boolean {
  return value >= low && value <= high;
}

function rangeWords({ low, high }: Limits): string {
  return `${low} to ${high}`;
}

function unlikelyWords(label: string, written: string, unit: string, usual: Limits): string {
  return `Unusual for an adult: ${label.toLowerCase()} ${written} ${unit} (usually ${rangeWords(usual)}). Enter again to keep it.`;
}
