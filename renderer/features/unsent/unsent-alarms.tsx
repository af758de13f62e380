import { useRef, useState } from 'react';
import type { UnsentAlarm } from '../../../contract/channels/alarm.ts';
import { displayTime } from '../../../domain/clinical/date-display.ts';
import { parseForView } from '../../../domain/fhir/exact-json.ts';
import type { CacheClient } from '../../cache/index.ts';
import { useBagQuery } from '../bag/index.ts';
import { entryName } from '../patient-search/index.ts';
import { useMay } from '../session/index.ts';
import { Button, Notice } from '../../ui/index.ts';
import { useCommand } from '../../ui/commands/index.ts';
import { HavePhoned } from './have-phoned.tsx';
import { useUnsentAlarms } from './unsent-store.ts';

/**
 * "NOT SENT: phone …" until a person says that they have phoned, or until the service has it; main keeps the list, so
 * it stands again after a restart (clinical.md, Hazards of carrying a record).
 */
export function UnsentAlarms({ openPatientId }: { readonly openPatientId: string | null }) {
  const alarms = useUnsentAlarms().filter(({ phoned }) => phoned === undefined);
  const box = useRef<HTMLDivElement>(null);
  const number = useBagQuery(alarms.length > 0 ? 'telephone' : null, practiceTelephone).value;
  useCommand({
    id: 'unsent.go',
    title: 'Go to what was NOT SENT',
    keys: 'Alt+U',
    group: 'Everywhere',
    enabled: alarms.length > 0,
    run: () => {
      box.current?.querySelector('button')?.focus();
    },
  });
  if (alarms.length === 0) return null;
  return (
    <div className="unsent" ref={box} role="region" aria-label="Not sent">
      {alarms.map((alarm) => (
        <OneAlarm key={alarm.groupId} alarm={alarm} number={number ?? null} openPatientId={openPatientId} />
      ))}
    </div>
  );
}

function OneAlarm({
  alarm,
  number,
  openPatientId,
}: {
  readonly alarm: UnsentAlarm;
  readonly number: string | null;
  readonly openPatientId: string | null;
}) {
  const may = useMay();
  const [asking, setAsking] = useState(false);
  return (
    <Notice
      tone="danger"
      role="alert"
      action={
        <Button
          keys="Alt+U"
          onClick={() => {
            setAsking(true);
          }}
        >
          I have phoned
        </Button>
      }
    >
      <strong>
        {alarm.state === 'refused' ? 'REFUSED, reached nobody' : 'NOT SENT'}: phone{' '}
        {number ?? 'the duty clinician of the practice'}.
      </strong>{' '}
      {may('view-clinical') ? alarm.what : 'Something urgent'}
      {alarm.patientId === null || alarm.patientId === openPatientId ? (
        ''
      ) : (
        <AlarmName patientId={alarm.patientId} hidden={openPatientId !== null} />
      )}
      . Saved on this computer {displayTime(alarm.recordedAt)} by {alarm.author};{' '}
      {alarm.state === 'refused'
        ? 'the service refused it: F9 shows what to decide.'
        : 'it has reached nobody yet.'}
      {asking ? (
        <HavePhoned
          alarm={alarm}
          onClose={() => {
            setAsking(false);
          }}
        />
      ) : null}
    </Notice>
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
