import type { RecordView } from '../../domain/record/record-view.ts';
import { ConsultationPane } from '../features/consultation/index.ts';
import { ObservationPane } from '../features/observations/index.ts';

/** What is being written beside the record. */
export function SidePane({
  pane,
  record,
  whose,
  note,
  onNote,
  onClose,
}: {
  readonly pane: 'consultation' | 'observations';
  readonly record: RecordView;
  readonly whose: string;
  readonly note: string | null;
  readonly onNote: (encounterId: string) => void;
  readonly onClose: () => void;
}) {
  return pane === 'consultation' ? (
    <ConsultationPane record={record} whose={whose} encounterId={note} onNote={onNote} onClose={onClose} />
  ) : (
    <ObservationPane record={record} whose={whose} onClose={onClose} />
  );
}
