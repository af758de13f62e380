import { displayDate, displayTime } from '../../../domain/clinical/date-display.ts';
import { missedAppointmentWords } from '../../../domain/clinical/child-warnings.ts';
import { bannerAge } from '../../../domain/clinical/age.ts';
import type { AppointmentView } from '../../../domain/record/agenda.ts';
import type { AgendaLine } from '../../cache/index.ts';
import { entryName, ReadinessMark } from '../patient-search/index.ts';
import { useMay } from '../session/index.ts';
import { Tag } from '../../ui/index.ts';
import { visitStatus, VISIT_WORDS, waitingMinutes } from './visit-status.ts';
import { VisitActions } from './visit-actions.tsx';

/** One visit: when, where it stands, who with two identifiers, with whom, why. */
export function AgendaRow({
  line,
  now,
  chosen,
  withWhom,
  clashing,
  names,
  onChosen,
  onOpen,
}: {
  readonly line: AgendaLine;
  readonly now: string;
  readonly chosen: boolean;
  /** The list is everybody's: whose visit it is stands in a column. */
  readonly withWhom: boolean;
  /** Others who are booked with the same person at the same time. */
  readonly clashing: readonly AppointmentView[];
  readonly names: (patientId: string) => string;
  readonly onChosen: () => void;
  readonly onOpen: (patientId: string) => void;
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
      <td className="nowrap">
        {entry?.birthDate ? displayDate(entry.birthDate) : ''}{' '}
        {age === null ? entry?.deceased ? <Tag>Died</Tag> : '' : `(${age})`}
      </td>
      {withWhom ? <td>{appointment.practitioners.map(({ name }) => name ?? '').join(', ')}</td> : null}
      <td>{reasonWords(appointment)}</td>
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
        <VisitActions line={line} status={status} />
      </td>
    </tr>
  );
}

/** Why and how; what most visits are goes without saying. */
function reasonWords({ reason, type, comment }: AppointmentView): string {
  return [reason, type === 'Face to face' ? null : type, comment].filter(Boolean).join(', ');
}
