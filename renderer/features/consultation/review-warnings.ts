import type { News2Result } from '../../../domain/clinical/news2.ts';
import { news2Words } from '../observations/index.ts';

/** What is said above the note before it is signed. */
export interface ReviewWarning {
  readonly words: string;
  readonly tone: 'amber' | 'danger';
}

/** A score that calls for help stands in the review as well, whatever was scrolled out of sight. */
export function calledFor(result: News2Result): readonly ReviewWarning[] {
  if (result.kind === 'not-applicable' || result.band === null || result.band === 'low') return [];
  const words = [news2Words(result), result.advice].filter(Boolean).join('. ');
  return [{ words, tone: result.band === 'low-medium' ? 'amber' : 'danger' }];
}
