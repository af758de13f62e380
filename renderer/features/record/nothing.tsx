import { createContext, use, type ReactNode } from 'react';
import { missingWords } from '../../../domain/record/completeness-words.ts';
import type { RecordCompleteness } from '../../../domain/record/record-view.ts';
import { Empty } from '../../ui/index.ts';

export const CompletenessContext = createContext<RecordCompleteness | null>(null);

/** Nothing is recorded, and what may be missing from the record: absence is never more than what is here. */
export function Nothing({ children }: { readonly children: ReactNode }) {
  const completeness = use(CompletenessContext);
  const missing = completeness === null ? null : missingWords(completeness);
  return (
    <Empty>
      {children}
      {missing === null ? null : <strong> {missing}</strong>}
    </Empty>
  );
}
