import { civilDate, twoDigits } from '../fhir/civil-date.ts';
import { monthNumber } from '../clinical/date-display.ts';
import { searchWords } from './normalise.ts';

/**
 * What a person typed in the patient search, taken apart. Words and a date and a postcode may stand together
 * (`smith 5/1/61`, `ls1 4ap jones`). Each date is the beginning of `YYYYMMDD`; several mean "any of these".
 */
export type PatientQuery = {
  readonly words: readonly string[];
  /** `1961`, `196101` or `19610105` */
  readonly birthDates: readonly string[];
  /** beginnings of a postcode without space, small letters */
  readonly postcode: string | null;
  /** digits that may be (part of) an NHS number or a phone number */
  readonly digits: string | null;
};

const JUNK = /[\u200B-\u200F\u2060\uFEFF]/g;

/** @param thisYear for two-digit years: `05` may be 2005 or 1905, `61` only 1961 while 2061 has not come */
export function readPatientQuery(text: string, thisYear: number): PatientQuery {
  let rest = ` ${text
    .replace(JUNK, '')
    .replace(/[\u2010-\u2015]/g, '-')
    .replace(/\u00a0/g, ' ')
    .toLowerCase()} `;
  const birthDates: string[] = [];
  const take = (pattern: RegExp, read: (match: RegExpExecArray) => readonly string[]): void => {
    const match = pattern.exec(rest);
    const dates = match ? read(match) : [];
    if (!match || dates.length === 0) return;
    birthDates.push(...dates);
    rest = `${rest.slice(0, match.index)} ${rest.slice(match.index + match[0].length)}`;
  };
  const number = wholeNumber(rest);
  if (number !== null) return digitsQuery(number, thisYear);
  take(/\s(\d{4})-(\d{1,2})-(\d{1,2})(?=\s)/, ([, year, month, day]) => whole(year, month, day));
  take(/\s(\d{1,2})[/.\-\s](\d{1,2})[/.\-\s](\d{4}|\d{2})(?=\s)/, ([, day, month, year]) =>
    years(year, thisYear).flatMap((full) => whole(String(full), month, day)),
  );
  take(
    /\s(\d{1,2})(?:st|nd|rd|th)?[\s\-/.]*([a-z]{3,9})[\s\-/.,]*(\d{4}|\d{2})(?=\s)/,
    ([, day, word, year]) => years(year, thisYear).flatMap((full) => whole(String(full), monthOf(word), day)),
  );
  take(/\s([a-z]{3,9})[\s\-/](\d{4})(?=\s)/, ([, word, year]) => {
    const month = monthOf(word);
    return month === null ? [] : [`${year ?? ''}${twoDigits(Number(month))}`];
  });
  take(/\s(\d{1,2})\/(\d{4})(?=\s)/, ([, month, year]) => {
    const value = Number(month);
    return value >= 1 && value <= 12 ? [`${year ?? ''}${twoDigits(value)}`] : [];
  });
  take(/\s(\d{8}|\d{6})(?=\s)/, ([, digits]) => packedDates(digits ?? '', thisYear));
  take(/\s((?:18|19|20)\d{2})(?=\s)/, ([, year]) => [year ?? '']);
  const postcodeMatch = /\s([a-z]{1,2}\d[a-z\d]?\s*\d[a-z]{0,2}|[a-z]{1,2}\d[a-z\d]?)(?=\s)/.exec(rest);
  if (postcodeMatch) rest = rest.replace(postcodeMatch[0], ' ');
  const numberInRest = /\s\+?(\d[\d\s\-().]{4,}\d)(?=\s)/.exec(rest);
  if (numberInRest) rest = rest.replace(numberInRest[0], ' ');
  return {
    words: searchWords(rest),
    birthDates,
    postcode: postcodeMatch?.[1]?.replace(/\s+/g, '') ?? null,
    digits: numberInRest?.[1] === undefined ? null : nationalDigits(numberInRest[1]),
  };
}

/** The digits when the whole text is one number with junk (`943-476 5919`, `NHS 943…`, `+44 7700 900123`); else null. */
function wholeNumber(text: string): string | null {
  const bare = text.trim().replace(/^(?:nhs(?:\s*(?:no|number))?|tel|phone|mob)[\s.:]*/, '');
  if (!/^\+?[\d\s.,:\-/\\()]+$/.test(bare)) return null;
  const digits = bare.replace(/\D/g, '');
  // A date with separators (`1/5/61`) has at most eight digits and at least two separators: dates first.
  if (digits.length <= 8 && /^\d{1,4}[/.\-\s]\d{1,4}([/.\-\s]\d{1,4})?$/.test(bare)) return null;
  return digits === '' ? null : nationalDigits(bare);
}

function nationalDigits(text: string): string {
  const digits = text.replace(/\D/g, '');
  return text.trim().startsWith('+44') || digits.startsWith('0044')
    ? `0${digits.replace(/^(?:0044|44)0?/, '')}`
    : digits;
}

function digitsQuery(digits: string, thisYear: number): PatientQuery {
  const year = digits.length === 4 && /^(?:18|19|20)/.test(digits) ? [digits] : [];
  return {
    words: [],
    birthDates: [...year, ...packedDates(digits, thisYear)],
    postcode: null,
    digits: digits.length >= 3 ? digits : null,
  };
}

/** `05011961`, `19610105`, `050161`: every reading that is a day. */
function packedDates(digits: string, thisYear: number): string[] {
  if (digits.length === 8) {
    return [
      ...whole(digits.slice(4), digits.slice(2, 4), digits.slice(0, 2)),
      ...whole(digits.slice(0, 4), digits.slice(4, 6), digits.slice(6)),
    ].filter((date) => Number(date.slice(0, 4)) >= 1850 && Number(date.slice(0, 4)) <= thisYear);
  }
  if (digits.length !== 6) return [];
  return years(digits.slice(4), thisYear).flatMap((year) =>
    whole(String(year), digits.slice(2, 4), digits.slice(0, 2)),
  );
}

function years(text: string | undefined, thisYear: number): number[] {
  if (text === undefined) return [];
  if (text.length === 4) return [Number(text)];
  return [1900 + Number(text), 2000 + Number(text)].filter((year) => year <= thisYear);
}

function whole(
  year: string | undefined,
  month: string | null | undefined,
  day: string | undefined,
): string[] {
  if (year === undefined || month === null || month === undefined || day === undefined) return [];
  const date = civilDate(Number(year), Number(month), Number(day));
  return date ? [`${year}${twoDigits(date.month)}${twoDigits(date.day)}`] : [];
}

function monthOf(word: string | undefined): string | null {
  const month = word === undefined ? null : monthNumber(word);
  return month === null ? null : String(month);
}
