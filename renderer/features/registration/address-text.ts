import type { EditedAddress } from '../../../domain/record/demographics-change.ts';

/** An address as typed in two boxes: lines parted by commas, and the postcode; `null` where both are blank. */
export function readAddress(street: string, postcode: string): EditedAddress | null {
  const lines = street
    .split(',')
    .map((line) => line.trim())
    .filter(Boolean);
  const code = postcode.trim().toUpperCase();
  if (lines.length === 0 && code === '') return null;
  return { lines, ...(code === '' ? {} : { postcode: code }) };
}

/** Given names as typed in one box. */
export function readGiven(text: string): readonly string[] {
  return text.trim().split(/\s+/).filter(Boolean);
}
