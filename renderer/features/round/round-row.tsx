import { displayDate, displayTime } from '../../../domain/clinical/date-display.ts';
import { bannerAge } from '../../../domain/clinical/age.ts';
import { formatNhsNumber } from '../../../domain/clinical/nhs-number.ts';
import { entryName } from '../patient-search/index.ts';
import { Tag } from '../../ui/index.ts';
import { addressWords } from './address-words.ts';
import { COPY_WORDS, documentWords, type RoundLine } from './round-lines.ts';

/** One patient of the round: who with two identifiers, where, what to take care of, and whether the record is here. */
export function RoundRow({
  line,
  now,
  clinical,
  chosen,
  onChosen,
  onOpen,
}: {
  readonly line: RoundLine;
  readonly now: string;
  readonly clinical: boolean;
  readonly chosen: boolean;
  readonly onChosen: () => void;
  readonly onOpen: (patientId: string) => void;
}) {
  const { patientId, hit, copy, visit } = line;
  const entry = hit?.entry;
  const age = !entry || entry.deceased ? null : bannerAge({ birthDate: entry.birthDate }, { date: now });
  return (
    <tr data-line-patient={patientId} data-copy={copy} data-chosen={chosen || undefined} onFocus={onChosen}>
      <td>
        <button
          type="button"
          className="entry-head surgery-name"
          onClick={() => {
            onOpen(patientId);
          }}
        >
          {entry ? entryName(entry) : 'Name not on this computer'}
        </button>{' '}
        {entry?.deceased ? <Tag>Died</Tag> : null}
        {entry && entry.registration !== 'registered' ? <Tag tone="amber">{entry.registration}</Tag> : null}
        {entry ? (
          <span className="round-second">
            <span className="nowrap">
              Born {displayDate(entry.birthDate)}
              {age === null ? '' : ` (${age})`}
            </span>{' '}
            <span className="nowrap">
              NHS No. {entry.nhsNumber ? formatNhsNumber(entry.nhsNumber) : 'Not recorded'}
            </span>
          </span>
        ) : null}
      </td>
      <td>
        {entry ? addressWords(entry) : ''}
        {visit ? (
          <span className="round-second">
            Booked {displayTime(visit.appointment.start)}
            {visit.appointment.type ? `, ${visit.appointment.type.toLowerCase()}` : ''}
          </span>
        ) : null}
      </td>
      {clinical ? (
        <td>
          <TakeCare line={line} />
        </td>
      ) : null}
      <td>
        <span className="round-state">
          <span aria-hidden="true">{COPY_WORDS[copy].mark}</span> {COPY_WORDS[copy].words}
        </span>
        {hit && hit.pending > 0 ? <Tag>{hit.pending} waiting to send</Tag> : null}
        {clinical && line.record?.missing ? (
          <span className="round-second">{line.record.missing}</span>
        ) : null}
      </td>
      {clinical ? (
        <td>
          <Documents line={line} />
        </td>
      ) : null}
    </tr>
  );
}

/**
 * Allergies as the opened record has them, else as the practice's list has them. That there is an alert is said, which
 * one is for the record alone; what is about safeguarding is not said at all.
 */
function TakeCare({ line: { hit, record } }: { readonly line: RoundLine }) {
  const safety = hit?.entry.safety;
  const title = record?.allergies.heading ?? safety?.allergyTitle ?? 'Allergies unavailable';
  const agents = record
    ? [...record.allergies.items.map(({ agent }) => agent), ...record.allergies.notes]
    : (safety?.allergies ?? []);
  const known = (record?.allergies.title ?? safety?.allergyTitle) === 'Known allergies';
  return (
    <>
      {known ? (
        <strong>⚠ {agents.length > 0 ? agents.join(', ') : title}</strong>
      ) : (
        <span>{[title, ...agents].join('. ')}</span>
      )}{' '}
      {safety?.flags.some((flag) => flag.kind !== 'safeguarding') ? <Tag tone="amber">alert</Tag> : null}
    </>
  );
}

function Documents({ line }: { readonly line: RoundLine }) {
  const words = documentWords(line.record);
  if (words === null)
    return <span className="quiet">{line.copy === 'checking' ? 'Being counted' : 'Not known'}</span>;
  return (
    <>
      {words.all}
      {words.not === null ? null : (
        <span className="round-second round-away">
          <span aria-hidden="true">◆</span> {words.not}
        </span>
      )}
    </>
  );
}
