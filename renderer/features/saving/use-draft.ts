import { useEffect, useMemo, useState } from 'react';
import type { Draft } from '../../../contract/channels/record.ts';
import { host } from '../../host/index.ts';
import { DraftWriter, NOTHING_KEPT, type DraftKept } from './draft-writer.ts';

export interface DraftState extends DraftKept {
  /** Every change of the content comes here. */
  readonly put: (content: unknown) => void;
  /** Resolves when all that was typed is durable, and whether it is: before a lock, before leaving. */
  readonly flush: () => Promise<boolean>;
  /** The draft was saved or given up and has ended: nothing of it is put any more. */
  readonly ended: () => void;
}

const writers = new Set<DraftWriter>();

/** Makes every open draft durable, and says whether they are: awaited before the screen locks or the person leaves. */
export async function flushDrafts(): Promise<boolean> {
  const all = await Promise.all([...writers].map((writer) => writer.flush()));
  return all.every(Boolean);
}

/** Keeps what is typed as a durable draft of its author; the latest wins. */
export function useDraft(
  draft: Pick<Draft, 'draftId' | 'kind' | 'startedAt'> & { readonly patientId?: string },
): DraftState {
  const { draftId, kind, startedAt, patientId } = draft;
  const [kept, setKept] = useState<DraftKept>(NOTHING_KEPT);
  const writer = useMemo(
    () =>
      new DraftWriter(
        (content) =>
          host().call('draft.put', {
            draftId,
            kind,
            startedAt,
            ...(patientId === undefined ? {} : { patientId }),
            changedAt: new Date().toISOString(),
            content,
          }),
        setKept,
      ),
    [draftId, kind, startedAt, patientId],
  );
  useEffect(() => {
    writers.add(writer);
    writer.enter();
    return () => {
      writers.delete(writer);
      void writer.leave();
    };
  }, [writer]);
  return useMemo(
    () => ({
      ...kept,
      put: (content) => {
        writer.put(content);
      },
      flush: () => writer.flush(),
      ended: () => {
        writer.ended();
      },
    }),
    [kept, writer],
  );
}
