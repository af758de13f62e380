import { useCallback, useEffect, useRef, useState } from 'react';
import type { Draft } from '../../../contract/channels/record.ts';
import type { BridgeError } from '../../../contract/channels/channel.ts';
import { host } from '../../host/index.ts';

/** Well under the 2 s after a keystroke that sync.md allows. */
const PUT_AFTER_MS = 600;

export interface DraftState {
  /** When the last keystroke became durable; `null` while nothing was typed. */
  readonly durableAt: string | null;
  readonly error: BridgeError | null;
  /** Every change of the content comes here. */
  readonly put: (content: unknown) => void;
  /** Resolves when all that was typed is durable: before a lock, before leaving. */
  readonly flush: () => Promise<void>;
  /** The draft was saved and has ended: nothing of it is put any more. */
  readonly ended: () => void;
}

const flushers = new Set<() => Promise<void>>();

/** Makes every open draft durable: awaited before the screen locks or the person leaves. */
export async function flushDrafts(): Promise<void> {
  await Promise.all([...flushers].map((flush) => flush()));
}

/** Keeps what is typed as a durable draft of its author; the latest wins. */
export function useDraft(
  draft: Pick<Draft, 'draftId' | 'kind' | 'startedAt'> & { readonly patientId?: string },
): DraftState {
  const [durableAt, setDurableAt] = useState<string | null>(null);
  const [error, setError] = useState<BridgeError | null>(null);
  const waiting = useRef<string | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const { draftId, kind, startedAt, patientId } = draft;
  const flush = useCallback(async () => {
    clearTimeout(timer.current);
    const content = waiting.current;
    if (content === null) return;
    waiting.current = null;
    const answer = await host().call('draft.put', {
      draftId,
      kind,
      startedAt,
      ...(patientId === undefined ? {} : { patientId }),
      changedAt: new Date().toISOString(),
      content,
    });
    if (answer.ok) {
      setDurableAt(answer.value.durableAt);
      setError(null);
    } else {
      // Kept for the next try unless something newer was typed meanwhile.
      waiting.current ??= content;
      setError(answer.error);
    }
  }, [draftId, kind, startedAt, patientId]);
  const put = useCallback(
    (content: unknown) => {
      waiting.current = JSON.stringify(content);
      clearTimeout(timer.current);
      timer.current = setTimeout(() => void flush(), PUT_AFTER_MS);
    },
    [flush],
  );
  const ended = useCallback(() => {
    clearTimeout(timer.current);
    waiting.current = null;
  }, []);
  useEffect(() => {
    flushers.add(flush);
    return () => {
      flushers.delete(flush);
      void flush();
    };
  }, [flush]);
  return { durableAt, error, put, flush, ended };
}
