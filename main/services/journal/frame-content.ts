import { parseExact, stringifyExact } from '../../../domain/fhir/exact-json.ts';
import { openFrame } from './sealed-frame.ts';
import type { JournalEntry } from './journal-entry.ts';
import type { Ring } from './journal.ts';
import type { ParsedFrame } from './sealed-frame.ts';

/** The bytes that a frame seals: JSON that keeps the written form of decimals. */
export function frameContent(entry: JournalEntry): Uint8Array {
  return Buffer.from(stringifyExact(entry));
}

/** Only for bytes that the seal vouches for: this device wrote them. */
export function readFrameContent(content: Uint8Array): JournalEntry {
  return parseExact(Buffer.from(content).toString('utf8')) as JournalEntry;
}

/** Null where the ring does not open the frame. */
export function frameContentIn(frame: ParsedFrame, ring: Ring): JournalEntry | null {
  try {
    return readFrameContent(openFrame(frame, ring));
  } catch {
    return null;
  }
}
