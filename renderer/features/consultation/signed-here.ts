/** What was signed in this window, so that its author may reopen it. Ids and times only. */
export interface SignedHere {
  readonly groupId: string;
  readonly draftId: string;
  readonly patientId: string;
  readonly signedAt: string;
}

const REOPEN_MINUTES = 15;
const signed = new Map<string, SignedHere>();

export function rememberSigned(compositionKey: string, group: SignedHere): void {
  signed.set(compositionKey, group);
}

/** Until it was sent or for 15 minutes, whichever is sooner; main has the last word. */
export function reopenable(compositionKey: string, now: string): SignedHere | null {
  const group = signed.get(compositionKey);
  return group && Date.parse(now) - Date.parse(group.signedAt) < REOPEN_MINUTES * 60_000 ? group : null;
}

/** Whether a consultation of this patient was signed in this window within so many minutes. */
export function signedLately(patientId: string, now: string, minutes: number): boolean {
  return [...signed.values()].some(
    (group) =>
      group.patientId === patientId && Date.parse(now) - Date.parse(group.signedAt) < minutes * 60_000,
  );
}
