import type { Draft } from '../../../contract/channels/record.ts';

type Offered = Pick<Draft, 'draftId' | 'kind' | 'patientId'>;

let offered: Offered | null = null;
const listeners = new Set<() => void>();

/** A draft that was just made of other words (reopened, corrected, moved): where its kind is written, it opens. */
export function offerDraft(draft: Offered): void {
  offered = draft;
  for (const listener of listeners) listener();
}

/** The draft that was offered for here; taken once. */
export function takeOffered(kind: Draft['kind'], patientId: string): string | null {
  if (offered?.kind !== kind || offered.patientId !== patientId) return null;
  const { draftId } = offered;
  offered = null;
  return draftId;
}

export function onOffer(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
