import type { EditedAddress } from '../../../domain/record/demographics-change.ts';

/** An address as typed in two boxes: lines parted by commas, and the postcode; `null` where both are blank. */
export function readAddress(street: string, postcode: string): EditedAddress | null {
  const lines = street
    .split(',')
    .map((line) => line.trim())
    .filter(Boolean);
  const code = readPostcode(postcode);
  if (lines.length === 0 && code === '') return null;
  return { lines, ...(code === '' ? {} : { postcode: code }) };
}

/** Given names as typed in one box. */
export function readGiven(text: string): readonly string[] {
  return text.trim().split(/\s+/).filter(Boolean);
}

/** `ls11aa` as `LS1 1AA`; what is no postcode of the United Kingdom stays as typed, in capitals. */
function readPostcode(text: string): string {
  const typed = text.trim().toUpperCase();
  const parts = /^([A-Z]{1,2}\d[A-Z\d]?)(\d[A-Z]{2})$/.exec(typed.replaceAll(/\s/g, ''));
  return parts ? `${parts[1] ?? ''} ${parts[2] ?? ''}` : typed;
}
