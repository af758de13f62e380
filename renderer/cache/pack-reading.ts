import { PackError } from '../../domain/record/pack.ts';
import type { PackEntry } from './bag-state.ts';
import type { BagStore } from './bag-store.ts';
import { decompressText, SealError } from './sealing.ts';

/** The text of a pack. @throws what {@link isUnreadable} knows, where it does not open */
export async function openPack(bag: BagStore, entry: PackEntry): Promise<string> {
  return decompressText(await bag.readPack(entry));
}

/** Whether an error says that the bytes are not what was sealed; others (a closed database) pass. */
export function isUnreadable(error: unknown): boolean {
  return (
    error instanceof SealError ||
    error instanceof PackError ||
    error instanceof SyntaxError ||
    error instanceof TypeError
  );
}
