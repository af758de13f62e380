import type { RecordView } from '../../domain/record/record-view.ts';
import { ConsultationPane } from '../features/consultation/index.ts';
import { ObservationPane } from '../features/observations/index.ts';

/** What is being written beside the record. */
export function SidePane({
  pane,
  record,
  whose,
  onClose,
}: {
  readonly pane: 'consultation' | 'observations';
  readonly record: RecordView;
  readonly whose: string;
  readonly onClose: () => void;
}) {
  return pane === 'consultation' ? (
    <ConsultationPane record={record} whose={whose} onClose={onClose} />
  ) : (
    <ObservationPane record={record} whose={whose} onClose={onClose} />
  );
}
