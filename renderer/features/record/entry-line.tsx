import { displayDate } from '../../../domain/clinical/date-display.ts';
import { isFreeText } from '../../../domain/record/free-text.ts';
import type { EntryView } from '../../../domain/record/record-view.ts';
import { Tag } from '../../ui/index.ts';
import { Marks } from './marks.tsx';
import { useRecordAction } from './record-actions.ts';

/** An entry whole: headline, value, every labelled detail and every word of free text (hazards 17, 28, 62, 100). */
export function EntryLine({ entry, dated = false }: { readonly entry: EntryView; readonly dated?: boolean }) {
  const act = useRecordAction();
  const [firstNote = ''] = entry.notes;
  const wordsOnly = isFreeText(entry);
  const isShort =
    !wordsOnly && entry.details.length === 0 && entry.notes.length === 1 && !firstNote.includes('\n');
  return (
    <div
      className="entry"
      data-error={entry.enteredInError ? true : undefined}
      id={`entry-${entry.source.key}`}
    >
      <button
        type="button"
        className="entry-head"
        onClick={() => {
          act({ kind: 'provenance', key: entry.source.key });
        }}
      >
        {dated ? <span className="quiet nowrap">{displayDate(entry.when ?? undefined)} </span> : null}
        {wordsOnly ? (
          <span className="preserve">{entry.notes.join('\n')}</span>
        ) : (
          <>
            <span className="quiet small">{entry.category}</span>{' '}
            <span className="entry-text">{entry.text}</span>
          </>
        )}
        {entry.value ? <strong className="nowrap"> {entry.value}</strong> : null}
      </button>{' '}
      {isShort ? <span className="preserve">{firstNote} </span> : null}
      {entry.abnormal ? <Tag tone="amber">outside range</Tag> : null}{' '}
      <Marks
        source={entry.source}
        degraded={entry.degraded}
        origin={entry.origin}
        enteredInError={entry.enteredInError}
        planned={entry.planned}
        interim={entry.interim}
        sensitive={entry.sensitive}
      />
      {entry.details.length > 0 ? (
        <dl className="details">
          {entry.details.map((detail, index) => (
            <div key={index} className="detail">
              <dt>{detail.label}</dt> <dd>{detail.value}</dd>
            </div>
          ))}
        </dl>
      ) : null}
      {(isShort || wordsOnly ? [] : entry.notes).map((note, index) => (
        <p key={index} className="preserve entry-note">
          {note}
        </p>
      ))}
      {entry.recorded && entry.recorded.slice(0, 10) !== entry.when?.slice(0, 10) ? (
        <span className="quiet small">Recorded {displayDate(entry.recorded)}</span>
      ) : null}
    </div>
  );
}
