import { displayDateTime } from '../../../domain/clinical/date-display.ts';
import type { BridgeError } from '../../../contract/channels/channel.ts';
import type { Draft } from '../../../contract/channels/record.ts';
import { ErrorNotice } from '../session/index.ts';
import { Button, Notice } from '../../ui/index.ts';

/** Other unfinished work of the same kind for this patient: said, with the way to it. */
export function OtherDrafts({
  name,
  others,
  onChoose,
}: {
  /** `note`, `set of observations` */
  readonly name: string;
  readonly others: readonly Draft[];
  readonly onChoose: (draftId: string) => void;
}) {
  return others.map(({ draftId, startedAt }) => (
    <Notice
      key={draftId}
      tone="amber"
      action={
        <Button
          onClick={() => {
            onChoose(draftId);
          }}
        >
          Go on with that one
        </Button>
      }
    >
      <strong>
        Another unfinished {name} of {displayDateTime(startedAt)}
      </strong>{' '}
      for this patient. What stands here is kept.
    </Notice>
  ));
}

/** Whether there is a draft is not known: nothing is begun beside one that may be there. */
export function DraftsNotRead({
  error,
  onAgain,
}: {
  readonly error: BridgeError;
  readonly onAgain: () => void;
}) {
  return (
    <div className="pane-body stack">
      <ErrorNotice error={error} />
      <div className="row">
        <Button autoFocus onClick={onAgain}>
          Look for drafts again
        </Button>
      </div>
    </div>
  );
}
