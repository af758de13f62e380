import { useSyncExternalStore } from 'react';
import type { UnsentAlarm } from '../../../contract/channels/alarm.ts';
import { host, watch, type Watched } from '../../host/index.ts';

let alarms: Watched<UnsentAlarm[]> | undefined;

/** Urgent work that has reached nobody, as main works it out from the journal: also after a restart. */
export function unsentAlarms(): Watched<UnsentAlarm[]> {
  alarms ??= watch(host(), 'alarm.list', 'alarm.changed');
  return alarms;
}

export function useUnsentAlarms(): readonly UnsentAlarm[] {
  const store = unsentAlarms();
  return useSyncExternalStore(store.subscribe, store.current) ?? [];
}
