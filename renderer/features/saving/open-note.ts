import { createContext, use } from 'react';

/** The Encounter of the consultation that is being written for the open record; `null` where none is. */
export const OpenNoteContext = createContext<string | null>(null);

/** What is recorded meanwhile belongs to the consultation that is being written. */
export function useOpenNote(): string | null {
  return use(OpenNoteContext);
}
