import type { Meaning } from './note.ts';

const MEANT: Readonly<Record<Meaning, string>> = {
  present: '',
  past: 'Past: ',
  suspected: 'Suspected: ',
  family: 'Family history: ',
};

/** A code with how it is meant: `Suspected: Asthma`. */
export function meantWords(meaning: Meaning, term: string): string {
  return `${MEANT[meaning]}${term}`;
}
