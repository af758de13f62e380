import { parseExact, stringifyExact } from '../../../domain/fhir/exact-json.ts';
import type { JournalEntry } from './journal-entry.ts';

/** The bytes that a frame seals: JSON that keeps the written form of decimals. */
export function frameContent(entry: JournalEntry): Uint8Array {
  return Buffer.from(stringifyExact(entry));
}

/** Only for bytes that the seal vouches for: this device wrote them. */
export function readFrameContent(content: Uint8Array): JournalEntry {
  return parseExact(Buffer.from(content).toString('utf8')) as JournalEntry;
}
