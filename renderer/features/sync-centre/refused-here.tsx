import { useEffect, useState } from 'react';
import type { AttentionItem } from '../../../contract/channels/sync.ts';
import type { BridgeError } from '../../../contract/channels/channel.ts';
import { host } from '../../host/index.ts';
import { ErrorNotice, useSignedInUser } from '../session/index.ts';
import { Button, Notice } from '../../ui/index.ts';
import { offerDraft } from '../saving/index.ts';
import { CorrectRefused } from './correct-refused.tsx';
import { useAttention } from '../sync-status/index.ts';

/** A correction that was asked for in the sync centre and begins where the banner is: in the patient's record. */
let asked: string | null = null;

export function askForCorrection(itemId: string): void {
  asked = itemId;
}

/** Refused work of one's own about the patient on the banner: why, and the way to put it right. */
export function RefusedHere({
  patientId,
  whose,
  onDraft,
}: {
  readonly patientId: string;
  readonly whose: string;
  /** Its words are open again as a draft of this kind. */
  readonly onDraft: (kind: 'consultation' | 'observations') => void;
}) {
  const me = useSignedInUser().userId;
  const items = (useAttention() ?? []).filter(
    (item) =>
      item.patientId === patientId &&
      item.refused !== undefined &&
      item.refused.correctedAt === undefined &&
      item.refused.authorUserId === me,
  );
  return items.map((item) =>
    item.refused ? (
      <OneRefused
        key={item.itemId}
        item={item}
        refused={item.refused}
        patientId={patientId}
        whose={whose}
        onDraft={onDraft}
      />
    ) : null,
  );
}

function OneRefused({
  item,
  refused,
  patientId,
  whose,
  onDraft,
}: {
  readonly item: AttentionItem;
  readonly refused: NonNullable<AttentionItem['refused']>;
  readonly patientId: string;
  readonly whose: string;
  readonly onDraft: (kind: 'consultation' | 'observations') => void;
}) {
  const [correcting, setCorrecting] = useState<{ readonly draftId: string | undefined } | null>(null);
  const [error, setError] = useState<BridgeError | null>(null);
  const correct = async () => {
    const answer = await host().call('draft.correct', { groupId: refused.groupId });
    if (!answer.ok) {
      setError(answer.error);
      return;
    }
    const draft = answer.value;
    if (draft?.kind === 'consultation' || draft?.kind === 'observations') {
      offerDraft(draft);
      onDraft(draft.kind);
    } else setCorrecting({ draftId: draft?.draftId });
  };
  useEffect(() => {
    if (asked !== item.itemId) return;
    asked = null;
    void correct();
    // eslint-disable-next-line react-hooks/exhaustive-deps -- begun once, by the press in the sync centre
  }, [item.itemId]);
  return (
    <Notice
      tone="danger"
      role="alert"
      action={<Button onClick={() => void correct()}>Correct and send again</Button>}
    >
      <strong>Refused by the record service, reached nobody.</strong> {item.rule}
      <ErrorNotice error={error} />
      {correcting ? (
        <CorrectRefused
          item={item}
          refused={refused}
          patientId={patientId}
          whose={whose}
          draftId={correcting.draftId}
          onClose={() => {
            setCorrecting(null);
          }}
        />
      ) : null}
    </Notice>
  );
}
