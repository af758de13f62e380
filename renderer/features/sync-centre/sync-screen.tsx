import { useState } from 'react';
import type { SyncStatus } from '../../../contract/channels/sync.ts';
import type { BridgeError } from '../../../contract/channels/channel.ts';
import { displayDateTime } from '../../../domain/clinical/date-display.ts';
import type { CacheNotice } from '../../cache/index.ts';
import { host } from '../../host/index.ts';
import { useBagQuery } from '../bag/index.ts';
import { entryName } from '../patient-search/index.ts';
import { askSession, ErrorNotice } from '../session/index.ts';
import { PhonedAlarms } from '../unsent/index.ts';
import { Button, Empty, Notice, Skeleton, useNow, useToaster } from '../../ui/index.ts';
import { useCommand } from '../../ui/commands/index.ts';
import { Attention } from './attention.tsx';
import { ageWords, clockWords, statusWords, timeWords } from './status-words.ts';
import { UnfinishedWork, type DraftPane } from './unfinished-work.tsx';
import { syncStatus, useSyncStatus } from '../sync-status/index.ts';

/** What is sent, what waits and how long, what a person must decide; and the truth of it. */
export function SyncScreen({
  onOpen,
  onDraft,
}: {
  readonly onOpen: (patientId: string) => void;
  /** Opens the record where this pane of it goes on with unfinished work. */
  readonly onDraft: (patientId: string, pane: DraftPane) => void;
}) {
  const status = useSyncStatus();
  const now = useNow(10_000);
  const here = useBagQuery('state', (bag) => bag.state(), isAboutAll).value;
  if (!status) return <Skeleton label="Opening the sync centre" lines={6} />;
  const said = statusWords(status, now);
  // Until the service was heard from, what stands here is as old as it was at the last closing.
  const dataAsOf = status.dataAsOf ?? here?.dataAsOf;
  return (
    <section className="sync-screen scroll" aria-label="Sync centre" tabIndex={0}>
      <h1>Sync centre</h1>
      <Notice tone={said.tone}>
        <strong>{said.sentence}</strong>
      </Notice>
      {status.clockOffsetSeconds === undefined ? null : (
        <Notice tone="amber">
          <strong>{clockWords(status.clockOffsetSeconds)}</strong> Nothing is lost by that and nothing is put
          in a wrong order, but the times on what you write are wrong until it is put right: set the clock,
          then go on.
        </Notice>
      )}
      {status.serviceDurable ? null : (
        <Notice tone="amber">
          This is a demonstration service that keeps no durable copy. What you save stays on this computer as
          well.
        </Notice>
      )}
      {status.notices.map((notice) => (
        <Notice key={notice.code} tone="amber">
          {notice.message} <span className="quiet">since {timeWords(notice.since, now)}</span>
        </Notice>
      ))}
      <SyncActions status={status} />
      <FirstLoad status={status} />
      <Attention onOpen={onOpen} />
      <PhonedAlarms />
      <UnfinishedWork onOpen={onDraft} />
      <Waiting status={status} now={now} onOpen={onOpen} />
      <dl className="sync-facts">
        <dt>Data on screen as of</dt>
        <dd>{dataAsOf ? displayDateTime(dataAsOf) : 'no records are on this computer now'}</dd>
        <dt>Last in step</dt>
        <dd>{status.lastInStep ? displayDateTime(status.lastInStep) : 'not since this bag was opened'}</dd>
      </dl>
    </section>
  );
}

function isAboutAll(notice: CacheNotice): boolean {
  return notice.kind === 'state' || notice.kind === 'directory';
}

function counted(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? '' : 's'}`;
}

function SyncActions({ status }: { readonly status: SyncStatus }) {
  const toaster = useToaster();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<BridgeError | null>(null);
  const now = async () => {
    setBusy(true);
    const answer = syncStatus().accept(await host().call('sync.now'));
    setBusy(false);
    setError(answer.ok ? null : answer.error);
    if (!answer.ok) return;
    const { inStep, pending, connection } = answer.value;
    if (inStep) toaster.tell('In step: everything was sent and received.');
    else
      toaster.warn(
        connection === 'connected'
          ? `Not yet in step: ${pending.operations} wait.`
          : `Not reached. ${answer.value.connectionDetail ?? ''} ${pending.operations} wait, kept on this computer.`,
        'amber',
      );
  };
  const move = async (channel: 'sync.export' | 'sync.import') => {
    const answer = await host().call(channel);
    setError(answer.ok ? null : answer.error);
    if (!answer.ok || answer.value === null) return;
    const { operations, drafts } = answer.value;
    toaster.tell(
      'fileName' in answer.value
        ? `Exported, sealed: ${operations} changes and ${drafts} drafts. They also stay here.`
        : `Imported: ${operations} changes and ${drafts} drafts; ${answer.value.alreadyHere} were here already.`,
    );
  };
  useCommand({
    id: 'sync.now',
    title: 'Sync now',
    keys: 'Alt+Y',
    group: 'Sync',
    enabled: !busy,
    run: () => void now(),
  });
  return (
    <>
      <ErrorNotice error={error} />
      <div className="row">
        <Button tone="primary" keys="Alt+Y" disabled={busy} onClick={() => void now()}>
          {busy ? 'Asking the service…' : 'Sync now'}
        </Button>
        {status.connection === 'sign-in-needed' ? (
          <Button onClick={() => void askSession('session.sign-in').then(setError)}>Sign in online</Button>
        ) : null}
        <Button onClick={() => void move('sync.export')}>Export unsent work</Button>
        <Button onClick={() => void move('sync.import')}>Import</Button>
      </div>
    </>
  );
}

function FirstLoad({ status }: { readonly status: SyncStatus }) {
  const load = status.firstLoad;
  if (!load) return null;
  const pause = async () => {
    syncStatus().accept(await host().call('sync.pause-loading', { paused: !load.paused }));
  };
  return (
    <section className="panel">
      <header>
        <h2>Records still arriving</h2>
        <span className="quiet">
          {load.patientsDone} of {load.patientsTotal} patients
          {load.secondsLeft === undefined ? '' : `, about ${Math.ceil(load.secondsLeft / 60)} min left`}
        </span>
        <Button tone="plain" onClick={() => void pause()}>
          {load.paused ? 'Go on' : 'Pause'}
        </Button>
      </header>
      <progress
        className="sync-progress"
        aria-label="Records on this computer"
        value={load.patientsDone}
        max={Math.max(load.patientsTotal, 1)}
      />
    </section>
  );
}

function Waiting({
  status,
  now,
  onOpen,
}: {
  readonly status: SyncStatus;
  readonly now: string;
  readonly onOpen: (patientId: string) => void;
}) {
  const lines = status.pending.byPatient;
  const ids = lines.flatMap((line) => line.patientId ?? []);
  const patients = useBagQuery(`patients ${ids.join(' ')}`, (bag) => bag.patients(ids)).value ?? [];
  return (
    <section className="panel">
      <header>
        <h2>Waiting to send</h2>
        <span className="quiet">
          {status.pending.operations === 0
            ? 'nothing'
            : `${counted(status.pending.operations, 'change')} in ${counted(status.pending.groups, 'save')}`}
        </span>
      </header>
      {lines.length === 0 ? (
        <Empty>Nothing waits. What you save appears here until the record service has it.</Empty>
      ) : (
        <table>
          <thead>
            <tr>
              <th scope="col">Patient</th>
              <th scope="col">Changes</th>
              <th scope="col">Waiting for</th>
            </tr>
          </thead>
          <tbody>
            {lines.map((line) => {
              const hit = patients.find((one) => one?.entry.id === line.patientId);
              const { patientId } = line;
              return (
                <tr key={patientId ?? 'none'}>
                  <td>
                    {patientId === null ? (
                      'Without a patient'
                    ) : (
                      <button
                        type="button"
                        className="entry-head"
                        onClick={() => {
                          onOpen(patientId);
                        }}
                      >
                        {hit ? entryName(hit.entry) : 'A patient of this bag'}
                      </button>
                    )}
                  </td>
                  <td>{line.operations}</td>
                  <td>{ageWords(line.oldestRecordedAt, now)}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      )}
    </section>
  );
}
