import { displayDate } from '../../../domain/clinical/date-display.ts';
import type { MedicationView, RecordView } from '../../../domain/record/record-view.ts';
import { Button, Dialog, Empty, Notice, Skeleton } from '../../ui/index.ts';
import { useMay } from '../session/index.ts';
import { Marks } from './marks.tsx';
import { AlthoughMark, MedicationWords } from './medication-line.tsx';
import { useRecordAction } from './record-actions.ts';
import { useRecordView } from './use-record.ts';

/** All that the record says of one medicine; to stop it is a step of its own from here. */
export function MedicineDetails({
  record,
  entryKey,
  whose,
  onClose,
}: {
  readonly record: RecordView;
  readonly entryKey: string;
  readonly whose: string;
  readonly onClose: () => void;
}) {
  const act = useRecordAction();
  const mayWrite = useMay()('record-clinical') && record.asAt === null;
  const { value, error } = useRecordView(record.patientId, 'medication', record.asAt);
  const lines = (value ?? []).filter(({ source }) => source.key === entryKey);
  const mayStop =
    mayWrite && entryKey.startsWith('MedicationStatement/') && lines.some(({ list }) => list !== 'past');
  return (
    <Dialog
      title="Medicine"
      aside={<strong>{whose}</strong>}
      size="wide"
      onClose={onClose}
      foot={
        <>
          {mayStop ? (
            <Button
              onClick={() => {
                act({ kind: 'change-medication', key: entryKey });
              }}
            >
              Stop this medicine
            </Button>
          ) : null}
          <Button
            onClick={() => {
              act({ kind: 'provenance', key: entryKey });
            }}
          >
            Where it comes from
          </Button>
          <Button keys="Esc" onClick={onClose}>
            Close
          </Button>
        </>
      }
    >
      {error ? <Notice tone="danger">{error}</Notice> : null}
      {value === undefined ? <Skeleton label="Reading" lines={6} /> : null}
      {value && lines.length === 0 ? <Empty>This medicine is not in the data on this computer.</Empty> : null}
      {lines.map((line) => (
        <Details key={`${line.source.key} ${line.source.disputed ?? ''}`} line={line} />
      ))}
      {entryKey.startsWith('MedicationRequest/') ? (
        <p className="quiet">This line is a prescription of the issuing system. It is stopped there.</p>
      ) : null}
    </Dialog>
  );
}

function Details({ line }: { readonly line: MedicationView }) {
  const issues = line.issuesAllowed === null ? line.issues : `${line.issues} of ${line.issuesAllowed}`;
  const rows: readonly (readonly [string, string | null])[] = [
    ['Status', [line.status, line.endWords].filter(Boolean).join(', ')],
    ['Kind', line.kind],
    [line.status === 'Given' ? 'Given' : 'Started', line.started && displayDate(line.started)],
    ['Why stopped', line.stopReason],
    ['Last issue', line.lastIssue && displayDate(line.lastIssue)],
    ['Issues', line.issues > 0 ? String(issues) : null],
    ['Review due', line.reviewDue && displayDate(line.reviewDue)],
    ['Prescriber', line.prescriber],
    ['Prescribed by', line.prescribingAgency],
  ];
  return (
    <div className="provenance stack">
      <div>
        <MedicationWords line={line} />{' '}
        <Marks source={line.source} degraded={line.degraded} origin={line.origin} />
        <AlthoughMark line={line} />
      </div>
      {line.endPassed ? (
        <Notice tone="amber">Active in the source, and the date of its end has passed.</Notice>
      ) : null}
      {line.longSinceIssue ? (
        <Notice tone="amber">Active in the source, not issued for over a year.</Notice>
      ) : null}
      <dl>
        {rows.map(([label, words]) =>
          words === null || words === '' ? null : (
            <div key={label} className="contents">
              <dt>{label}</dt>
              <dd>{words}</dd>
            </div>
          ),
        )}
      </dl>
      {line.notes.map((note, index) => (
        <p key={index} className="preserve">
          {note}
        </p>
      ))}
    </div>
  );
}
