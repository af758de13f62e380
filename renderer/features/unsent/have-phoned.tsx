import { useState, type SyntheticEvent } from 'react';
import type { UnsentAlarm } from '../../../contract/channels/alarm.ts';
import type { BridgeError } from '../../../contract/channels/channel.ts';
import { displayTime } from '../../../domain/clinical/date-display.ts';
import { bannerAge } from '../../../domain/clinical/age.ts';
import { host } from '../../host/index.ts';
import { useBagQuery } from '../bag/index.ts';
import { entryName } from '../patient-search/index.ts';
import { ErrorNotice, useMay } from '../session/index.ts';
import { Button, Dialog, TextField, useNow, useToaster } from '../../ui/index.ts';
import { unsentAlarms, useUnsentAlarms } from './unsent-store.ts';

/** Whom an alarm is about, by name and age. */
function useWhose(patientId: string | null): string {
  const now = useNow();
  const { value } = useBagQuery(patientId === null ? null : `patients ${patientId}`, (bag) =>
    bag.patients(patientId === null ? [] : [patientId]),
  );
  const entry = value?.[0]?.entry;
  if (patientId === null) return 'no patient';
  if (!entry) return 'a patient whose name is not on this computer';
  return `${entryName(entry)} ${bannerAge({ birthDate: entry.birthDate }, { date: now }) ?? ''}`.trim();
}

/** What it is, for those who may read it. */
function useMatter({ what }: UnsentAlarm): string {
  return useMay()('view-clinical') ? what : 'something urgent';
}

/** The alarm ends only when a person says whom they told about whom: the patient and the matter stand above the box. */
export function HavePhoned({
  alarm,
  onClose,
}: {
  readonly alarm: UnsentAlarm;
  readonly onClose: () => void;
}) {
  const whose = useWhose(alarm.patientId);
  const matter = useMatter(alarm);
  const toaster = useToaster();
  const [spokenTo, setSpokenTo] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<BridgeError | null>(null);
  const ready = spokenTo.trim() !== '' && !busy;
  const submit = async (event: SyntheticEvent) => {
    event.preventDefault();
    if (!ready) return;
    setBusy(true);
    const { groupId } = alarm;
    const answer = await host().call('alarm.acknowledge', { groupId, spokenTo: spokenTo.trim() });
    setBusy(false);
    if (answer.ok) toaster.tell('Kept: phoned. It is still sent by itself; F9 shows it and takes this back.');
    else setError(answer.error);
    unsentAlarms().accept(answer);
  };
  return (
    <Dialog title="I have phoned" aside={<strong>{whose}</strong>} onClose={onClose}>
      <form className="stack" onSubmit={(event) => void submit(event)}>
        <p>
          <strong>
            {matter}, about {whose}.
          </strong>{' '}
          Saved {displayTime(alarm.recordedAt)} by {alarm.author};{' '}
          {alarm.state === 'refused' ? 'refused by the record service' : 'not sent yet'}.
        </p>
        <TextField
          label="Whom did you speak to? (name, and where)"
          autoFocus
          maxLength={500}
          value={spokenTo}
          onChange={(event) => {
            setSpokenTo(event.target.value);
          }}
        />
        <ErrorNotice error={error} />
        <div className="row row-end">
          <Button keys="Esc" onClick={onClose}>
            Not yet: keep the alarm
          </Button>
          <Button tone="primary" submit keys="Enter" disabled={!ready}>
            I have phoned about {whose}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

/** Phoned, and still not with the service: who told whom, and the way back where it was pressed by mistake. */
export function PhonedAlarms() {
  const alarms = useUnsentAlarms().filter(({ phoned }) => phoned !== undefined);
  if (alarms.length === 0) return null;
  return (
    <section className="panel">
      <header>
        <h2>Phoned, not yet sent</h2>
        <span className="quiet">{alarms.length}</span>
      </header>
      <ul>
        {alarms.map((alarm) =>
          alarm.phoned ? <OnePhoned key={alarm.groupId} alarm={alarm} phoned={alarm.phoned} /> : null,
        )}
      </ul>
    </section>
  );
}

function OnePhoned({
  alarm,
  phoned,
}: {
  readonly alarm: UnsentAlarm;
  readonly phoned: NonNullable<UnsentAlarm['phoned']>;
}) {
  const whose = useWhose(alarm.patientId);
  const matter = useMatter(alarm);
  const [error, setError] = useState<BridgeError | null>(null);
  const takeBack = async () => {
    const answer = unsentAlarms().accept(await host().call('alarm.revoke', { groupId: alarm.groupId }));
    setError(answer.ok ? null : answer.error);
  };
  return (
    <li className="attention-item">
      <p>
        <strong>
          {whose}: {matter}
        </strong>
      </p>
      <p className="quiet">
        {phoned.by} phoned at {displayTime(phoned.at)} and spoke to {phoned.spokenTo}.
      </p>
      <ErrorNotice error={error} />
      <div className="row">
        <Button onClick={() => void takeBack()}>This was a mistake: bring the alarm back</Button>
      </div>
    </li>
  );
}
