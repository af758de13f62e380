import type { SaveAnswer } from '../../../contract/channels/record.ts';
import { displayTime } from '../../../domain/clinical/date-display.ts';

/** Said only after the journal's fsync returned (I1); sent is a second, quieter word that comes later. */
export function SavedWords({ answer }: { readonly answer: SaveAnswer }) {
  return (
    <>
      <strong>Saved on this computer {displayTime(answer.savedAt)}</strong>
      {answer.repeated ? ' (already saved before, nothing was written twice)' : ''}, waiting to send
    </>
  );
}
