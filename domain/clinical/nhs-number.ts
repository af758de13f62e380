/**
 * NHS numbers. Sources: NHS Data Dictionary (modulus 11 check), NHS Common User Interface NUM-0001..0018,
 * ranges of clinical.md. Ten digits without spaces is the stored form; 3-3-4 is the shown form.
 */
type NhsNumber = string & { readonly __brand: 'NhsNumber' };

export type NhsNumberFault =
  | { readonly code: 'empty' }
  | { readonly code: 'not-ten-digits'; readonly digits: number }
  | { readonly code: 'stray-characters' }
  | { readonly code: 'repeated-digit' }
  | { readonly code: 'check-digit' }
  | { readonly code: 'test-range' }
  | { readonly code: 'not-allocated' };

export type NhsNumberResult =
  | { readonly ok: true; readonly value: NhsNumber; readonly range: NhsNumberRange }
  | { readonly ok: false; readonly fault: NhsNumberFault };

export type NhsNumberRange = 'scotland' | 'northern-ireland' | 'england-wales-iom' | 'test' | 'not-allocated';

/**
 * Reads what was typed or pasted. Spaces (any kind, zero-width ones of a paste as well) and `. , : - / \` are
 * discarded; anything else is refused, so that a letter never silently turns one number into another.
 * @param options.allowTestRange true only in a test organisation: 500–599 and 900–999 are refused elsewhere
 */
export function readNhsNumber(text: string, options: { readonly allowTestRange: boolean }): NhsNumberResult {
  const cleaned = cleanNhsNumber(text);
  if (cleaned === '') return refused({ code: 'empty' });
  if (!/^\d+$/.test(cleaned)) return refused({ code: 'stray-characters' });
  if (cleaned.length !== 10) return refused({ code: 'not-ten-digits', digits: cleaned.length });
  if (/^(\d)\1{9}$/.test(cleaned)) return refused({ code: 'repeated-digit' });
  if (!hasValidCheckDigit(cleaned)) return refused({ code: 'check-digit' });
  const range = nhsNumberRange(cleaned);
  if (range === 'not-allocated') return refused({ code: 'not-allocated' });
  if (range === 'test' && !options.allowTestRange) return refused({ code: 'test-range' });
  return { ok: true, value: cleaned as NhsNumber, range };
}

/** Discards what NUM-0017 lets a person type or paste between the digits. */
export function cleanNhsNumber(text: string): string {
  return text.replace(/[\s\u200B-\u200F\u2060\uFEFF\u2010-\u2015.,:\-/\\]/g, '');
}

/**
 * Weights 10 to 2 on the first nine digits; 11 minus the sum modulo 11; 11 becomes 0 and 10 is never valid.
 * @param digits exactly ten digits
 */
export function hasValidCheckDigit(digits: string): boolean {
  if (!/^\d{10}$/.test(digits)) return false;
  let sum = 0;
  for (let index = 0; index < 9; index += 1) sum += Number(digits[index]) * (10 - index);
  const check = 11 - (sum % 11);
  if (check === 10) return false;
  return Number(digits[9]) === (check === 11 ? 0 : check);
}

/** The range by the first three digits (clinical.md, NHS number). Scottish CHI numbers begin with the date of birth. */
export function nhsNumberRange(digits: string): NhsNumberRange {
  const leading = Number(digits.slice(0, 3));
  if (leading < 320) return 'scotland';
  if (leading < 400) return 'northern-ireland';
  if (leading < 500) return 'england-wales-iom';
  if (leading < 600) return 'test';
  if (leading < 800) return 'england-wales-iom';
  return leading < 900 ? 'not-allocated' : 'test';
}

/** 3-3-4 with single spaces (NUM-0001/0002). Text that is not ten digits is returned as it is, never cut. */
export function formatNhsNumber(text: string): string {
  const cleaned = cleanNhsNumber(text);
  return /^\d{10}$/.test(cleaned)
    ? `${cleaned.slice(0, 3)} ${cleaned.slice(3, 6)} ${cleaned.slice(6)}`
    : text;
}

/** What the box says under a number that it refuses. */
export function nhsNumberFaultWords(fault: NhsNumberFault): string {
  switch (fault.code) {
    case 'empty':
      return 'Enter the 10 digits of the NHS number.';
    case 'not-ten-digits':
      return `An NHS number has 10 digits; this has ${fault.digits}.`;
    case 'stray-characters':
      return 'An NHS number has digits only. Old-format numbers with letters cannot be used.';
    case 'repeated-digit':
      return 'This number repeats one digit. It passes the arithmetic check but is never a real NHS number.';
    case 'check-digit':
      return 'This is not a valid NHS number: one digit or more is wrong. Check it against the source.';
    case 'test-range':
      return 'This number is in the range kept for tests and is not a patient’s NHS number.';
    case 'not-allocated':
      return 'No NHS number begins with 8. Check it against the source.';
  }
}

function refused(fault: NhsNumberFault): NhsNumberResult {
  return { ok: false, fault };
}
