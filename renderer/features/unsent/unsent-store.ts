/** An urgent thing that was saved here and has reached nobody until the service has it or a person has phoned. */
export interface UnsentAlarm {
  readonly groupId: string;
  readonly patientId: string;
  /** No name: `NEWS2 8: emergency`, `Urgent task`. */
  readonly what: string;
}

let alarms: readonly UnsentAlarm[] = [];
const listeners = new Set<() => void>();

export function raiseUnsent(alarm: UnsentAlarm): void {
  change([...alarms, alarm]);
}

export function acknowledgeUnsent(groupId: string): void {
  change(alarms.filter((alarm) => alarm.groupId !== groupId));
}

export function unsentAlarms(): readonly UnsentAlarm[] {
  return alarms;
}

export function onUnsentChanged(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function change(next: readonly UnsentAlarm[]): void {
  alarms = next;
  for (const listener of listeners) listener();
}
