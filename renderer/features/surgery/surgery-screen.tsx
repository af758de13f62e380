import { useRef, useState } from 'react';
import { displayDateWithWeekday, displayTime } from '../../../domain/clinical/date-display.ts';
import { missedAppointmentWords } from '../../../domain/clinical/child-warnings.ts';
import { bannerAge } from '../../../domain/clinical/age.ts';
import type { AppointmentView } from '../../../domain/record/agenda.ts';
import { bookingClashes } from '../../../domain/record/booking-clash.ts';
import type { AgendaAnswer, AgendaLine } from '../../cache/index.ts';
import { useBagQuery } from '../bag/index.ts';
import { entryName, ReadinessMark } from '../patient-search/index.ts';
import { useMay, useSignedInUser } from '../session/index.ts';
import { Button, Empty, Notice, Skeleton, Tag, useNow } from '../../ui/index.ts';
import { useCommand } from '../../ui/commands/index.ts';
import { dayAway, todayOf, useAgenda } from './use-agenda.ts';
import { BookDialog } from './book-dialog.tsx';
import { visitStatus, VISIT_WORDS, waitingMinutes } from './visit-status.ts';
import { VisitActions } from './visit-actions.tsx';
import { VisitKeys } from './visit-keys.tsx';
import { nextVisit } from './visit-order.ts';
import './surgery.css';

const DAYS_AWAY = 7;

/** The day's list: times, who, why, waiting, warnings, and whether the record is on this computer. */
export function SurgeryScreen({ onOpen }: { readonly onOpen: (patientId: string) => void }) {
  const [booking, setBooking] = useState<'new' | AgendaLine | null>(null);
  const now = useNow();
  const today = todayOf(now);
  const [day, setDay] = useState(today);
  const [whose, setWhose] = useState<'mine' | 'all'>('mine');
  const user = useSignedInUser();
  const { value, error } = useAgenda(day);
  const move = (days: number) => {
    const to = dayAway(day, days);
    if (to >= dayAway(today, -DAYS_AWAY) && to <= dayAway(today, DAYS_AWAY)) setDay(to);
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
        <Agenda
          answer={value}
          lines={lines}
          now={now}
          onOpen={onOpen}
          onMove={setBooking}
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
    </section>
  );
}

/** An empty list is a fact only where the records are here: else it must not look like one. */
function NobodyShown({ hidden }: { readonly hidden: number }) {
  const here = useBagQuery(
    'state',
    (bag) => bag.state(),
    (notice) => notice.kind === 'state' || notice.kind === 'directory',
  ).value;
  if (!here) return <Skeleton label="Opening the surgery" lines={10} />;
  if (here.directoryEntries === 0) {
    return (
      <Notice tone="amber">
        <strong>There are no records on this computer at the moment.</strong> This does not mean that nobody
        is booked. They come by themselves as soon as the record service answers; what you saved is kept and
        is sent then. If the service stays away, use the practice’s own list.
      </Notice>
    );
  }
  return (
    <Empty>
      Nobody is booked with you on this day{hidden > 0 ? `; ${hidden} with colleagues` : ''}. Alt+N books,
      Ctrl+K finds a patient.
    </Empty>
  );
}

function Agenda({
  answer,
  lines,
  now,
  hidden,
  onOpen,
  onMove,
}: {
  readonly answer: AgendaAnswer;
  readonly lines: readonly AgendaLine[];
  readonly now: string;
  readonly hidden: number;
  readonly onOpen: (patientId: string) => void;
  readonly onMove: (line: AgendaLine) => void;
}) {
  const clinical = useMay()('view-clinical');
  const { chosen, list, choose } = useChosenLine(lines);
  if (lines.length + answer.arriving.length === 0) {
    return <NobodyShown hidden={hidden} />;
  }
  // Of all lists, not of the shown ones: the colleague whose slot it was may have moved on to another list.
  const clashes = bookingClashes(answer.lines.map((line) => line.appointment));
  const notReady = lines.filter((line) => line.readiness === 'arriving').length + answer.arriving.length;
  return (
    <div className="scroll surgery-list" tabIndex={0} role="group" aria-label="Appointments" ref={list}>
      <VisitKeys
        line={chosen}
        shownPatient={() =>
          list.current?.querySelector<HTMLElement>('tr[data-chosen]')?.dataset['linePatient'] ?? null
        }
      />
      <table>
        <thead>
          <tr>
            <th scope="col">Time</th>
            <th scope="col">Status</th>
            <th scope="col">Patient</th>
            <th scope="col">Born</th>
            <th scope="col">Reason</th>
            {clinical ? <th scope="col">Take care</th> : null}
            <th scope="col">Waiting</th>
            <th scope="col">Offline</th>
            <th scope="col">
              <span className="spoken">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => (
            <Line
              key={line.appointment.source.key}
              line={line}
              now={now}
              chosen={line === chosen}
              clashing={clashes.get(line.appointment.source.key) ?? []}
              names={(patientId) => nameIn(answer.lines, patientId)}
              onChosen={() => {
                choose(line);
              }}
              onOpen={onOpen}
              onMove={onMove}
            />
          ))}
        </tbody>
      </table>
      <p className="quiet surgery-foot">
        {lines.length} booked{hidden > 0 ? `, ${hidden} more with colleagues` : ''}.{' '}
        {notReady === 0 ? 'Every record is on this computer.' : `${notReady} records are still to come.`}{' '}
        Times are 24-hour. <kbd>↓</kbd> <kbd>↑</kbd> choose a visit, <kbd>Enter</kbd> opens the record; the
        keys of its next steps stand beside them. <kbd>F2</kbd> opens the next patient.
      </p>
    </div>
  );
}

/**
 * The line that the keys act on: chosen by a person, by arrow or by focus, and never by data that arrive. The first
 * arrow goes to whoever is next.
 */
function useChosenLine(lines: readonly AgendaLine[]) {
  const [key, setKey] = useState<string | null>(null);
  const list = useRef<HTMLDivElement>(null);
  const chosen = lines.find((line) => line.appointment.source.key === key);
  const choose = (line: AgendaLine) => {
    setKey(line.appointment.source.key);
  };
  const move = (by: 1 | -1) => {
    const at = chosen ? lines.indexOf(chosen) + by : -1;
    const to = chosen ? lines[at] : (nextVisit(lines, null) ?? lines[0]);
    if (!to || (chosen && at < 0)) return;
    choose(to);
    const row = list.current?.querySelectorAll('tbody tr')[lines.indexOf(to)];
    row?.querySelector<HTMLElement>('.surgery-name')?.focus();
  };
  useCommand({
    id: 'surgery.line-down',
    title: 'Choose the next visit of the list',
    keys: 'ArrowDown',
    group: 'Surgery',
    run: () => {
      move(1);
    },
  });
  useCommand({
    id: 'surgery.line-up',
    title: 'Choose the visit before',
    keys: 'ArrowUp',
    group: 'Surgery',
    run: () => {
      move(-1);
    },
  });
  return { chosen, list, choose };
}

function nameIn(lines: readonly AgendaLine[], patientId: string): string {
  const entry = lines.find((line) => line.appointment.patientId === patientId)?.entry;
  return entry ? entryName(entry) : 'another patient';
}

function Line({
  line,
  now,
  chosen,
  clashing,
  names,
  onChosen,
  onOpen,
  onMove,
}: {
  readonly line: AgendaLine;
  readonly now: string;
  readonly chosen: boolean;
  /** Others who are booked with the same person at the same time. */
  readonly clashing: readonly AppointmentView[];
  readonly names: (patientId: string) => string;
  readonly onChosen: () => void;
  readonly onOpen: (patientId: string) => void;
  readonly onMove: (line: AgendaLine) => void;
}) {
  const clinical = useMay()('view-clinical');
  const { appointment, entry } = line;
  const status = visitStatus(appointment);
  const waits = waitingMinutes(appointment, now);
  const age = entry?.deceased ? null : bannerAge({ birthDate: entry?.birthDate }, { date: now });
  return (
    <tr
      data-status={status}
      data-line-patient={appointment.patientId}
      data-chosen={chosen || undefined}
      onFocus={onChosen}
    >
      <td className="nowrap">
        <strong>{displayTime(appointment.start)}</strong>
      </td>
      <td className="nowrap">
        <span aria-hidden="true">{VISIT_WORDS[status].mark}</span>{' '}
        {status === 'did-not-attend'
          ? missedAppointmentWords(entry?.birthDate, now)
          : VISIT_WORDS[status].words}
      </td>
      <td>
        <button
          type="button"
          className="entry-head surgery-name"
          onClick={() => {
            onOpen(appointment.patientId);
          }}
        >
          {entry ? entryName(entry) : 'Name not on this computer'}
        </button>{' '}
        {line.pending > 0 ? <Tag>{line.pending} waiting to send</Tag> : null}
        {clashing.map((other) => (
          <Tag key={other.source.key} tone="amber">
            ⚠ same time as {names(other.patientId)}
          </Tag>
        ))}
      </td>
      <td className="nowrap">{age === null ? entry?.deceased ? <Tag>Died</Tag> : '' : age}</td>
      <td>{[appointment.reason, appointment.type, appointment.comment].filter(Boolean).join(', ')}</td>
      {clinical ? (
        <td>
          {entry?.safety.allergyTitle === 'Known allergies' ? (
            <span title={entry.safety.allergies.join(', ')}>⚠ {entry.safety.allergies.join(', ')}</span>
          ) : (
            (entry?.safety.allergyTitle ?? '')
          )}{' '}
          {entry?.safety.flags.some((flag) => flag.kind !== 'safeguarding') ? (
            <Tag tone="amber">alert</Tag>
          ) : null}
        </td>
      ) : null}
      <td className="number">{waits === null ? '' : `${waits} min`}</td>
      <td>
        <ReadinessMark readiness={line.readiness} />
      </td>
      <td className="nowrap">
        <VisitActions line={line} status={status} chosen={chosen} />{' '}
        {status === 'booked' ? (
          <Button
            onClick={() => {
              onMove(line);
            }}
          >
            Move
          </Button>
        ) : null}
      </td>
    </tr>
  );
}
