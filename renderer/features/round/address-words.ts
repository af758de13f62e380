import type { DirectoryEntry } from '../../../domain/record/directory-entry.ts';

/** Where a patient lives, for the screen and for paper: never of a protected one, whatever stands in the entry. */
export function addressWords({ address, protectedPatient }: DirectoryEntry): string {
  if (protectedPatient) return 'Protected: address not in this bag';
  return address ? [...address.lines, address.postcode].filter(Boolean).join(', ') : 'No address recorded';
}
