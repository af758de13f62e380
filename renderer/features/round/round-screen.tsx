import { useState } from 'react';
import { displayDateTime, displayDateWithWeekday } from '../../../domain/clinical/date-display.ts';
import type { KeptRound } from '../../cache/index.ts';
import { host } from '../../host/index.ts';
import { useBag, useBagQuery } from '../bag/index.ts';
import { useSignedInUser } from '../session/index.ts';
import { dayAway, todayOf, useAgenda } from '../surgery/index.ts';
import { syncStatus } from '../sync-status/index.ts';
import { Button, Empty, Skeleton, localInstant, useChosenLine, useNow, useToaster } from '../../ui/index.ts';
import { useCommand } from '../../ui/commands/index.ts';
import { RoundHead } from './round-head.tsx';
import { roundLines } from './round-lines.ts';
import { RoundList } from './round-list.tsx';
import { RoundPicker } from './round-picker.tsx';
import { useCarried } from './use-carried.ts';
import { useRound, withoutPatients, withPatients } from './use-round.ts';
import { useRoundState } from './use-round-verdict.ts';
import { bookedWithMe, isVisitAway } from './visits.ts';
import './round.css';

const DAYS_AHEAD = 84;
const NOBODY: readonly string[] = [];

/** Before visits: who is on the round, and whether the bag is ready to leave with. */
export function RoundScreen({ onOpen }: { readonly onOpen: (patientId: string) => void }) {
  const bag = useBag();
  const toaster = useToaster();
  const now = useNow();
  const today = todayOf(now);
  const user = useSignedInUser();
  const { round, error, edit } = useRound(user.userId, today);
  const [before, setBefore] = useState<KeptRound | null>(null);
  // A round of an earlier day is looked at as of today: the bag that it was put together with is another by now.
  const day = round && round.day > today ? round.day : today;
  const ids = round?.patientIds ?? NOBODY;
  const agenda = useAgenda(day);
  const patients = useBagQuery(
    `round ${ids.join(' ')}`,
    (records) => records.patients(ids),
    (notice) => notice.kind === 'directory' || notice.kind === 'patients',
  );
  const carried = useCarried(ids);
  const booked = agenda.value ? bookedWithMe(agenda.value.lines, user.practitionerId) : undefined;
  // The last answer about fewer patients does not stand in for these: each picked one has a line at once.
  const lines = roundLines(ids, patients.value ?? [], carried, booked ?? []);
  const picked = new Set(ids);
  const state = useRoundState({
    now,
    day,
    lines: round ? lines : null,
    gone: round?.gone ?? 0,
    keptFrom: round && round.day < today && round.patientIds.length > 0 ? round.day : null,
    visitsLeftOut: (booked ?? []).filter(
      ({ appointment }) => isVisitAway(appointment) && !picked.has(appointment.patientId),
    ).length,
    bookingsToCome: agenda.value?.arriving.length ?? null,
  });
  const choice = useChosenLine(lines, ({ patientId }) => patientId);

  const pick = (patientIds: readonly string[], on: boolean) => {
    edit((kept) => (on ? withPatients(kept, patientIds) : withoutPatients(kept, patientIds)));
    // Whoever is visited comes before all others.
    if (on) void bag.wantRecords(patientIds).catch(() => undefined);
  };
  const move = (days: number) => {
    const to = dayAway(day, days);
    if (to >= today && to <= dayAway(today, DAYS_AHEAD)) edit((kept) => ({ ...kept, day: to }));
  };
  const takeOff = () => {
    const { chosen } = choice;
    if (!chosen) {
      toaster.tell('No patient of the round is chosen: ↓ and ↑ choose one.');
      return;
    }
    setBefore(round ?? null);
    edit((kept) => withoutPatients(kept, [chosen.patientId]));
    toaster.tell('Taken off the round. Alt+Z puts it back as it was.');
  };
  const beginNew = () => {
    setBefore(round ?? null);
    edit(() => ({ day: today, patientIds: [], gone: 0 }));
    toaster.tell('A new round. Alt+Z brings the one before back.');
  };
  const notHere = lines.filter(({ copy }) => copy !== 'whole' && copy !== 'new');
  const askForRecords = async () => {
    if (notHere.length === 0) {
      toaster.tell('Every record of this round is here.');
      return;
    }
    await bag.wantRecords(notHere.map(({ patientId }) => patientId));
    const words = `Asked for ${notHere.length} ${notHere.length === 1 ? 'record' : 'records'}`;
    if (state.status?.connection === 'connected') toaster.tell(`${words}: they come before all others.`);
    else toaster.warn(`${words}, but there is no connection: they come when there is one.`, 'amber');
  };
  const [asking, setAsking] = useState(false);
  const askService = async () => {
    setAsking(true);
    const answer = syncStatus().accept(await host().call('sync.now'));
    setAsking(false);
    if (!answer.ok) toaster.warn(answer.error.message, 'amber');
    else if (answer.value.inStep) toaster.tell('In step: everything was sent and received.');
    else toaster.warn('Not in step: what is wanting stands at the top.', 'amber');
  };
  const print = () => {
    if (lines.length === 0) {
      toaster.tell('Nobody is on this round: there is nothing to print.');
      return;
    }
    for (const { patientId } of lines) void host().call('audit.record', { action: 'print', patientId });
    void host().call('print.page', { landscape: false });
  };
  const own = { group: 'Round' } as const;
  useCommand({
    ...own,
    id: 'round.day-before',
    title: 'The day before',
    keys: 'Alt+ArrowLeft',
    run: () => {
      move(-1);
    },
  });
  useCommand({
    ...own,
    id: 'round.day-after',
    title: 'The day after',
    keys: 'Alt+ArrowRight',
    run: () => {
      move(1);
    },
  });
  useCommand({
    ...own,
    id: 'round.take-off',
    title: 'Take the chosen patient off the round',
    keys: 'Alt+Delete',
    run: takeOff,
  });
  useCommand({
    ...own,
    id: 'round.new',
    title: 'Begin a new round',
    keys: 'Alt+N',
    enabled: ids.length > 0 || (round?.gone ?? 0) > 0,
    run: beginNew,
  });
  useCommand({
    ...own,
    id: 'round.undo',
    title: 'Put the round back as it was',
    keys: 'Alt+Z',
    enabled: before !== null,
    run: () => {
      if (before) edit(() => before);
      setBefore(null);
    },
  });
  useCommand({
    ...own,
    id: 'round.ask',
    title: 'Ask for the records that are not here',
    keys: 'Alt+F',
    run: () => void askForRecords(),
  });
  useCommand({
    ...own,
    id: 'round.sync',
    title: 'Send and fetch now',
    keys: 'Alt+Y',
    enabled: !asking,
    run: () => void askService(),
  });
  useCommand({ ...own, id: 'round.print', title: 'Print the round', keys: 'Ctrl+P', run: print });

  return (
    <section className="round" aria-label="Before a round">
      <header className="surgery-head screen-only">
        <h1>Round of {displayDateWithWeekday(day)}</h1>
        <Button
          keys="Alt+←"
          disabled={day <= today}
          onClick={() => {
            move(-1);
          }}
        >
          Day before
        </Button>
        <Button
          keys="Alt+→"
          onClick={() => {
            move(1);
          }}
        >
          Day after
        </Button>
        <span className="grow" />
        <Button keys="Alt+F" disabled={notHere.length === 0} onClick={() => void askForRecords()}>
          Ask for records
        </Button>
        <Button keys="Alt+Y" disabled={asking} onClick={() => void askService()}>
          {asking ? 'Asking…' : 'Sync now'}
        </Button>
        <Button keys="Alt+N" disabled={ids.length === 0 && (round?.gone ?? 0) === 0} onClick={beginNew}>
          New round
        </Button>
        <Button keys="Ctrl+P" disabled={lines.length === 0} onClick={print}>
          Print
        </Button>
      </header>
      {error ? <Empty>{error} Alt+S and F3 try again.</Empty> : null}
      {!round && !error ? <Skeleton label="Opening the round" lines={10} /> : null}
      {round ? (
        <>
          <div className="round-top screen-only">
            <RoundHead state={state} lines={lines} now={now} />
          </div>
          <div className="round-body">
            <RoundPicker
              day={day}
              booked={booked}
              bookError={agenda.error}
              bookingsToCome={agenda.value?.arriving.length ?? 0}
              inStep={state.status?.inStep === true}
              picked={picked}
              onPick={pick}
            />
            <div className="round-main">
              <RoundList
                lines={lines}
                now={now}
                choice={choice}
                onOpen={onOpen}
                paperHead={
                  <>
                    <span>
                      Round of {displayDateWithWeekday(day)} · {lines.length}{' '}
                      {lines.length === 1 ? 'patient' : 'patients'} · {state.verdict.headline}
                    </span>
                    <span>
                      {state.dataAsOf === null
                        ? 'Time of the data not known'
                        : `Data as of ${displayDateTime(state.dataAsOf)}`}{' '}
                      · printed {displayDateTime(localInstant())} by {user.name}, {user.organisationName}.
                      Alerts and the rest of each record are not on this paper.
                    </span>
                  </>
                }
              />
              {lines.length > 0 ? (
                <p className="quiet surgery-foot screen-only">
                  By street, house and room. <kbd>↓</kbd> <kbd>↑</kbd> choose, <kbd>Enter</kbd> opens the
                  record, <kbd>Alt+Delete</kbd> takes the chosen one off.
                </p>
              ) : null}
            </div>
          </div>
        </>
      ) : null}
    </section>
  );
}
