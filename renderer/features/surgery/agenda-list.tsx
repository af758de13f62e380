import { bookingClashes } from '../../../domain/record/booking-clash.ts';
import type { AgendaAnswer, AgendaLine } from '../../cache/index.ts';
import { useBagQuery } from '../bag/index.ts';
import { entryName } from '../patient-search/index.ts';
import { useMay } from '../session/index.ts';
import { Empty, Notice, Skeleton, type useChosenLine } from '../../ui/index.ts';
import { AgendaRow } from './agenda-row.tsx';
import { VisitKeys } from './visit-keys.tsx';

/** What is in the bag; undefined until that is known. */
function useHere() {
  return useBagQuery(
    'state',
    (bag) => bag.state(),
    (notice) => notice.kind === 'state' || notice.kind === 'directory',
  ).value;
}

/** Also above a list: what waits to be sent shows its own visits, and nobody else's. */
function NoRecords({ others }: { readonly others: boolean }) {
  return (
    <Notice tone="amber">
      <strong>There are no records on this computer at the moment.</strong> This does not mean that nobody
      {others ? ' else' : ''} is booked. They come by themselves as soon as the record service answers; what
      you saved is kept and is sent then. If the service stays away, use the practice’s own list.
    </Notice>
  );
}

/** An empty list is a fact only where the records are here: else it must not look like one. */
function NobodyShown({ hidden, withWhom }: { readonly hidden: number; readonly withWhom: boolean }) {
  const here = useHere();
  if (!here) return <Skeleton label="Opening the surgery" lines={10} />;
  if (here.directoryEntries === 0) return <NoRecords others={false} />;
  return (
    <Empty>
      Nobody is booked{withWhom ? '' : ' with you'} on this day
      {hidden > 0 ? `; ${hidden} with colleagues` : ''}. Alt+N books, Ctrl+K finds a patient.
    </Empty>
  );
}

/** Who is booked is known by number only until the records come: no list is shown that could be taken for a whole one. */
function StillArriving({ count }: { readonly count: number }) {
  return (
    <Notice tone="amber">
      <strong>The list is still arriving.</strong> {count} {count === 1 ? 'patient is' : 'patients are'}{' '}
      booked on this day whose records are on their way. Some of them may be yours.
    </Notice>
  );
}

/** The visits of a day as a table; the keys act on the chosen one. */
export function AgendaList({
  answer,
  lines,
  now,
  hidden,
  withWhom,
  choice: { chosen, list, choose },
  onOpen,
}: {
  readonly answer: AgendaAnswer;
  readonly lines: readonly AgendaLine[];
  readonly now: string;
  readonly hidden: number;
  readonly withWhom: boolean;
  readonly choice: ReturnType<typeof useChosenLine<AgendaLine>>;
  readonly onOpen: (patientId: string) => void;
}) {
  const clinical = useMay()('view-clinical');
  const here = useHere();
  if (lines.length === 0 && answer.arriving.length > 0)
    return <StillArriving count={answer.arriving.length} />;
  if (lines.length === 0) return <NobodyShown hidden={hidden} withWhom={withWhom} />;
  // Of all lists, not of the shown ones: the colleague whose slot it was may have moved on to another list.
  const clashes = bookingClashes(answer.lines.map((line) => line.appointment));
  const notReady =
    lines.filter((line) => line.readiness === 'arriving' || line.readiness === 'unknown').length +
    answer.arriving.length;
  return (
    <div className="scroll surgery-list" tabIndex={0} role="group" aria-label="Appointments" ref={list}>
      <VisitKeys
        line={chosen}
        shownPatient={() =>
          list.current?.querySelector<HTMLElement>('tr[data-chosen]')?.dataset['linePatient'] ?? null
        }
      />
      {here?.directoryEntries === 0 ? <NoRecords others /> : null}
      <table className="agenda">
        <thead>
          <tr>
            <th scope="col" className="agenda-time">
              Time
            </th>
            <th scope="col" className="agenda-status">
              Status
            </th>
            <th scope="col">Patient</th>
            <th scope="col" className="agenda-born">
              Born
            </th>
            {withWhom ? (
              <th scope="col" className="agenda-with">
                With
              </th>
            ) : null}
            <th scope="col">Reason</th>
            {clinical ? (
              <th scope="col" className="agenda-care">
                Take care
              </th>
            ) : null}
            <th scope="col" className="agenda-waiting">
              Waiting
            </th>
            <th scope="col" className="agenda-offline">
              Offline
            </th>
            <th scope="col" className="agenda-actions">
              <span className="spoken">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => (
            <AgendaRow
              key={line.appointment.source.key}
              line={line}
              now={now}
              chosen={line === chosen}
              withWhom={withWhom}
              clashing={clashes.get(line.appointment.source.key) ?? []}
              names={(patientId) => nameIn(answer.lines, patientId)}
              onChosen={() => {
                choose(line);
              }}
              onOpen={onOpen}
            />
          ))}
        </tbody>
      </table>
      <p className="quiet surgery-foot">
        {lines.length} booked{hidden > 0 ? `, ${hidden} more with colleagues` : ''}
        {answer.arriving.length > 0 ? `, ${answer.arriving.length} more still arriving` : ''}.{' '}
        {notReady === 0
          ? 'Every record is on this computer.'
          : `${notReady} ${notReady === 1 ? 'record is' : 'records are'} still to come.`}{' '}
        Times are 24-hour. <kbd>↓</kbd> <kbd>↑</kbd> choose a visit, <kbd>Enter</kbd> opens the record; the
        keys of its next steps stand beside them. <kbd>F2</kbd> opens the next patient.
      </p>
    </div>
  );
}

function nameIn(lines: readonly AgendaLine[], patientId: string): string {
  const entry = lines.find((line) => line.appointment.patientId === patientId)?.entry;
  return entry ? entryName(entry) : 'another patient';
}
