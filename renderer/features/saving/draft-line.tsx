import { displayTime } from '../../../domain/clinical/date-display.ts';
import { ErrorNotice } from '../session/index.ts';
import type { DraftState } from './use-draft.ts';

/** Whether the words typed are safe, in words with the time. */
export function DraftLine({ draft }: { readonly draft: DraftState }) {
  if (draft.error) return <ErrorNotice error={draft.error} />;
  return (
    <span className="quiet small" role="status">
      {draft.durableAt
        ? `Draft kept on this computer ${displayTime(draft.durableAt) ?? ''}`
        : 'Kept as you type'}
    </span>
  );
}
