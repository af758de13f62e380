import { createContext, use, type ReactNode } from 'react';
import { missingWords } from '../../../domain/record/completeness-words.ts';
import type { RecordCompleteness } from '../../../domain/record/record-view.ts';
import { Empty } from '../../ui/index.ts';

export const CompletenessContext = createContext<RecordCompleteness | null>(null);

/** Nothing is recorded, and what may be missing from the record: absence is never more than what is here. */
export function Nothing({
  hint,
  children,
}: {
  /** How to begin: for the screen only. */
  readonly hint?: string;
  readonly children: ReactNode;
}) {
  const completeness = use(CompletenessContext);
  const missing = completeness === null ? null : missingWords(completeness);
  return (
    <Empty>
      {children}
      {hint === undefined ? null : <span className="screen-only"> {hint}</span>}
      {missing === null ? null : <strong> {missing}</strong>}
    </Empty>
  );
}
