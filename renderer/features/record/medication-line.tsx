import { Fragment } from 'react';
import { displayDate } from '../../../domain/clinical/date-display.ts';
import { DOSE_PART_SEPARATOR } from '../../../domain/clinical/medication-display.ts';
import { THEN } from '../../../domain/record/medicine-words.ts';
import type { MedicationView } from '../../../domain/record/record-view.ts';
import { Tag } from '../../ui/index.ts';
import { Marks } from './marks.tsx';
import { useRecordAction } from './record-actions.ts';

/** One drug: bold name, em dash, DOSE with bold dose (MEDi-001, 007, 018); never cut, wraps between parts. */
export function MedicationLine({
  line,
  brief = false,
}: {
  readonly line: MedicationView;
  readonly brief?: boolean;
}) {
  const act = useRecordAction();
  return (
    <li className="line-item medication-line">
      <button
        type="button"
        className="line-button"
        onClick={() => {
          act({ kind: 'medicine', key: line.source.key });
        }}
      >
        <MedicationWords line={line} />
      </button>
      <AlthoughMark line={line} />
      {line.list === 'disputed' ? (
        <Tag tone="danger">Stopped or changed, disputed: not current until resolved</Tag>
      ) : null}
      <span className="quiet small">
        {[
          line.kind === 'not recorded' ? 'kind not recorded' : line.kind,
          brief && line.status === 'Started' ? '' : line.status,
          line.endWords ?? '',
          line.status === 'Given'
            ? displayDate(line.started ?? undefined)
            : line.lastIssue
              ? `last issue ${displayDate(line.lastIssue)}`
              : 'last issue not recorded',
          line.reviewDue ? `review due ${displayDate(line.reviewDue)}` : '',
          line.prescribingAgency ?? '',
        ]
          .filter(Boolean)
          .join(' · ')}
      </span>{' '}
      {line.endPassed ? <Tag tone="amber">active in the source, its end date has passed</Tag> : null}{' '}
      {line.longSinceIssue ? <Tag tone="amber">active in the source, not issued for over a year</Tag> : null}
      <Marks source={line.source} degraded={line.degraded} origin={line.origin} />
      {brief
        ? null
        : line.notes.map((note, index) => (
            <p key={index} className="preserve">
              {note}
            </p>
          ))}
    </li>
  );
}

/** Recorded against a known allergy or interaction: what spoke against it, and why, wherever the line stands. */
export function AlthoughMark({ line }: { readonly line: MedicationView }) {
  return line.although ? (
    <p className="although">
      <Tag tone="danger">recorded although</Tag> {line.although.warnings.join(' ')}{' '}
      <span className="nowrap">Reason:</span> {line.although.reason}
    </p>
  ) : null;
}

export function MedicationWords({ line }: { readonly line: MedicationView }) {
  return (
    <span className="medication-words">
      <strong>{line.drug.text}</strong>
      {line.dose.length > 0 ? (
        <>
          {' — '}
          <span className="dose">
            {/* A space that never breaks: the label is never parted from its value. */}
            <span className="dose-label">DOSE</span>
            {'\u00a0'}
            <Dose words={line.dose} />
          </span>
        </>
      ) : null}
      {line.quantity ? <span className="dose"> — {line.quantity}</span> : null}
    </span>
  );
}

/** The dose with its unit in bold, its other parts beside it (MEDi-018, 038, 051). */
function Dose({ words }: { readonly words: MedicationView['dose'] }) {
  return words.map((segments, index) => (
    <Fragment key={index}>
      {index === 0 ? null : THEN}
      {segments.map(({ text, bold }, part) => (
        <Fragment key={part}>
          {part === 0 ? null : DOSE_PART_SEPARATOR}
          {bold ? <strong>{text}</strong> : text}
        </Fragment>
      ))}
    </Fragment>
  ));
}
