import { useCallback, useEffect, useRef, useState } from 'react';
import type { BridgeError } from '../../../contract/channels/channel.ts';
import type { Draft } from '../../../contract/channels/record.ts';
import { host } from '../../host/index.ts';
import { newId } from './new-id.ts';
import { onOffer, takeOffered } from './offered-draft.ts';
import { flushDrafts } from './use-draft.ts';

/** What is written here: a draft that is gone on with, or a new one (`resumed` is `null`). */
export interface OpenDraft {
  readonly draftId: string;
  readonly resumed: Draft | null;
}

export interface OwnDrafts {
  /** `undefined` while looking, and while it cannot be known: a second one is never begun beside one that may be there. */
  readonly open: OpenDraft | undefined;
  /** The other unfinished ones of this kind for this patient, newest first. */
  readonly others: readonly Draft[];
  readonly error: BridgeError | null;
  readonly again: () => void;
  /** Goes on in another of them; what was typed here is durable before. */
  readonly choose: (draftId: string) => void;
  /** This one ended: another is begun beside those that wait. */
  readonly begin: () => void;
}

/**
 * One's own drafts of this kind for this patient, and the one that is open: the one that was asked for, else that which
 * `isPreferred` knows, else the newest.
 */
export function useOwnDrafts(
  kind: Draft['kind'],
  patientId: string,
  isPreferred?: (draft: Draft) => boolean,
): OwnDrafts {
  const [open, setOpen] = useState<OpenDraft>();
  const [all, setAll] = useState<readonly Draft[]>([]);
  const [error, setError] = useState<BridgeError | null>(null);
  const preferred = useRef(isPreferred);
  const look = useCallback(
    async (asked: string | null, isStale: () => boolean) => {
      const isKept = await flushDrafts();
      // What could not be kept stays on the screen, with its reason beside it.
      if (!isKept && asked !== null) return;
      const answer = await host().call('draft.list');
      if (isStale()) return;
      setError(answer.ok ? null : answer.error);
      if (!answer.ok) return;
      const mine = ownOf(answer.value, kind, patientId);
      setAll(mine);
      const wanted = mine.find(({ draftId }) => draftId === asked);
      setOpen((before) => {
        if (wanted) return { draftId: wanted.draftId, resumed: wanted };
        if (before) return before;
        const first = mine.find((one) => preferred.current?.(one)) ?? mine[0];
        return first ? { draftId: first.draftId, resumed: first } : { draftId: newId(), resumed: null };
      });
    },
    [kind, patientId],
  );
  useEffect(() => {
    let stale = false;
    const isStale = () => stale;
    void look(takeOffered(kind, patientId), isStale);
    const stop = onOffer(() => {
      const asked = takeOffered(kind, patientId);
      if (asked !== null) void look(asked, isStale);
    });
    return () => {
      stale = true;
      stop();
    };
  }, [kind, patientId, look]);
  const notStale = () => false;
  return {
    open,
    others: all.filter(({ draftId }) => draftId !== open?.draftId),
    error,
    again: () => void look(null, notStale),
    choose: (draftId) => void look(draftId, notStale),
    begin: () => {
      setAll((before) => before.filter(({ draftId }) => draftId !== open?.draftId));
      setOpen({ draftId: newId(), resumed: null });
    },
  };
}

/** Those of this kind for this patient, newest first. */
export function ownOf(drafts: readonly Draft[], kind: Draft['kind'], patientId: string): readonly Draft[] {
  return drafts
    .filter((one) => one.kind === kind && one.patientId === patientId)
    .toSorted((left, right) => right.changedAt.localeCompare(left.changedAt));
}
