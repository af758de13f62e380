import { useState } from 'react';
import { displayDateWithWeekday } from '../../../domain/clinical/date-display.ts';
import type { AgendaLine } from '../../cache/index.ts';
import { useMay, useSignedInUser } from '../session/index.ts';
import { Button, Empty, Skeleton, useChosenLine, useNow, useToaster } from '../../ui/index.ts';
import { useCommand } from '../../ui/commands/index.ts';
import { AgendaList } from './agenda-list.tsx';
import { BookDialog } from './book-dialog.tsx';
import { CancelVisit } from './cancel-visit.tsx';
import { dayAway, todayOf, useAgenda } from './use-agenda.ts';
import { NEXT_STEPS } from './visit-change.ts';
import { nextVisit } from './visit-order.ts';
import { visitStatus } from './visit-status.ts';
import './surgery.css';

const DAYS_BACK = 28;
const DAYS_AHEAD = 84;

/** The day's list: times, who, why, waiting, warnings, and whether the record is on this computer. */
export function SurgeryScreen({
  onOpen,
  onRound,
}: {
  readonly onOpen: (patientId: string) => void;
  readonly onRound: () => void;
}) {
  const [booking, setBooking] = useState<'new' | AgendaLine | null>(null);
  const [cancelling, setCancelling] = useState<AgendaLine | null>(null);
  const toaster = useToaster();
  const now = useNow();
  const today = todayOf(now);
  const [day, setDay] = useState(today);
  const user = useSignedInUser();
  // The front desk has no list of its own.
  const clinical = useMay()('view-clinical');
  const [wanted, setWhose] = useState<'mine' | 'all' | null>(null);
  const whose = wanted ?? (clinical ? 'mine' : 'all');
  const { value, error } = useAgenda(day);
  const move = (days: number) => {
    const to = dayAway(day, days);
    if (to >= dayAway(today, -DAYS_BACK) && to <= dayAway(today, DAYS_AHEAD)) setDay(to);
  };
  useCommand({
    id: 'surgery.day-before',
    title: 'The day before',
    keys: 'Alt+ArrowLeft',
    group: 'Surgery',
    run: () => {
      move(-1);
    },
  });
  useCommand({
    id: 'surgery.day-after',
    title: 'The day after',
    keys: 'Alt+ArrowRight',
    group: 'Surgery',
    run: () => {
      move(1);
    },
  });
  useCommand({
    id: 'surgery.today',
    title: 'Today’s surgery',
    keys: 'Alt+T',
    group: 'Surgery',
    run: () => {
      setDay(today);
    },
  });
  useCommand({
    id: 'surgery.book',
    title: 'Book an appointment',
    keys: 'Alt+N',
    group: 'Surgery',
    run: () => {
      setBooking('new');
    },
  });
  const lines = (value?.lines ?? []).filter(
    (line) =>
      whose === 'all' ||
      line.appointment.practitioners.length === 0 ||
      line.appointment.practitioners.some((one) => one.id === user.practitionerId),
  );
  const choice = useChosenLine(
    lines,
    ({ appointment }) => appointment.source.key,
    () => nextVisit(lines, null),
  );
  const { chosen } = choice;
  const status = chosen ? visitStatus(chosen.appointment) : null;
  const mayCancel = status !== null && NEXT_STEPS[status].some(({ to }) => to === 'cancelled');
  const withChosen = (allowed: boolean, what: string, act: (line: AgendaLine) => void) => {
    if (!chosen) toaster.tell('No visit is chosen: ↓ and ↑ choose one.');
    else if (!allowed) toaster.tell(`Nothing changed: this visit can no longer be ${what}.`);
    else act(chosen);
  };
  const moveChosen = () => {
    withChosen(mayCancel, 'moved', setBooking);
  };
  const cancelChosen = () => {
    withChosen(mayCancel, 'cancelled', setCancelling);
  };
  useCommand({
    id: 'surgery.move',
    title: 'Move the chosen visit to another time or clinician',
    keys: 'Alt+O',
    group: 'Surgery',
    run: moveChosen,
  });
  useCommand({
    id: 'surgery.cancel',
    title: 'Cancel the chosen visit, with a reason',
    keys: 'Alt+C',
    group: 'Surgery',
    run: cancelChosen,
  });
  return (
    <section className="surgery" aria-label="Surgery">
      <header className="surgery-head">
        <h1>{displayDateWithWeekday(day)}</h1>
        <Button
          onClick={() => {
            move(-1);
          }}
          keys="Alt+←"
        >
          Day before
        </Button>
        <Button
          onClick={() => {
            setDay(today);
          }}
          disabled={day === today}
          keys="Alt+T"
        >
          Today
        </Button>
        <Button
          onClick={() => {
            move(1);
          }}
          keys="Alt+→"
        >
          Day after
        </Button>
        <div className="choices" role="group" aria-label="Whose list">
          <Button
            aria-pressed={whose === 'mine'}
            onClick={() => {
              setWhose('mine');
            }}
          >
            My list
          </Button>
          <Button
            aria-pressed={whose === 'all'}
            onClick={() => {
              setWhose('all');
            }}
          >
            Everyone’s
          </Button>
        </div>
        <span className="grow" />
        <Button keys="F3" onClick={onRound}>
          Round
        </Button>
        <Button keys="Alt+O" disabled={!mayCancel} onClick={moveChosen}>
          Move
        </Button>
        <Button keys="Alt+C" disabled={!mayCancel} onClick={cancelChosen}>
          Cancel visit
        </Button>
        <Button
          onClick={() => {
            setBooking('new');
          }}
          keys="Alt+N"
        >
          Book
        </Button>
      </header>
      {error ? <Empty>{error}</Empty> : null}
      {!value && !error ? <Skeleton label="Opening the surgery" lines={10} /> : null}
      {value ? (
        <AgendaList
          answer={value}
          lines={lines}
          now={now}
          onOpen={onOpen}
          withWhom={whose === 'all'}
          choice={choice}
          hidden={value.lines.length - lines.length}
        />
      ) : null}
      {booking === null ? null : (
        <BookDialog
          day={day}
          move={booking === 'new' ? undefined : booking}
          onClose={() => {
            setBooking(null);
          }}
        />
      )}
      {cancelling ? (
        <CancelVisit
          line={cancelling}
          onClose={() => {
            setCancelling(null);
          }}
        />
      ) : null}
    </section>
  );
}
