import { useSyncExternalStore } from 'react';
import { parseForView } from '../../../domain/fhir/exact-json.ts';
import type { CacheClient } from '../../cache/index.ts';
import { useBagQuery } from '../bag/index.ts';
import { entryName } from '../patient-search/index.ts';
import { useSyncStatus } from '../sync-centre/index.ts';
import { Button, Notice } from '../../ui/index.ts';
import { acknowledgeUnsent, onUnsentChanged, unsentAlarms, type UnsentAlarm } from './unsent-store.ts';

/**
 * "NOT SENT: phone …" until a person says that they have phoned, or until the service has it
 * (clinical.md, Hazards of carrying a record).
 */
export function UnsentAlarms({ openPatientId }: { readonly openPatientId: string | null }) {
  const alarms = useSyncExternalStore(onUnsentChanged, unsentAlarms);
  const status = useSyncStatus();
  const number = useBagQuery(alarms.length > 0 ? 'telephone' : null, practiceTelephone).value;
  const waits = (alarm: UnsentAlarm) =>
    status?.pending.byPatient.some((line) => line.patientId === alarm.patientId && line.operations > 0) ??
    true;
  const unsent = alarms.filter(waits);
  if (unsent.length === 0) return null;
  return (
    <div className="unsent">
      {unsent.map((alarm) => (
        <Notice
          key={alarm.groupId}
          tone="danger"
          role="alert"
          action={
            <Button
              onClick={() => {
                acknowledgeUnsent(alarm.groupId);
              }}
            >
              I have phoned
            </Button>
          }
        >
          <strong>NOT SENT: phone {number ?? 'the duty clinician of the practice'}.</strong> {alarm.what}
          {alarm.patientId === openPatientId ? (
            ''
          ) : (
            <AlarmName patientId={alarm.patientId} hidden={openPatientId !== null} />
          )}
          . It is saved on this computer and has reached nobody yet.
        </Notice>
      ))}
    </div>
  );
}

/** No other patient's name stands beside an open record. */
function AlarmName({ patientId, hidden }: { readonly patientId: string; readonly hidden: boolean }) {
  const { value } = useBagQuery(hidden ? null : `patients ${patientId}`, (bag) => bag.patients([patientId]));
  const hit = value?.[0];
  return hidden ? ', another patient' : hit ? `, ${entryName(hit.entry)}` : '';
}

async function practiceTelephone(bag: CacheClient): Promise<string | null> {
  const organisations = await bag.shared(['Organization']);
  for (const { text } of organisations) {
    const { telecom } = parseForView(text) as {
      readonly telecom?: readonly { readonly system?: string; readonly value?: string }[];
    };
    const phone = telecom?.find((one) => one.system === 'phone')?.value;
    if (phone !== undefined) return phone;
  }
  return null;
}
