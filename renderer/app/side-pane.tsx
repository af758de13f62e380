import type { RecordView } from '../../domain/record/record-view.ts';
import { ObservationPane } from '../features/observations/index.ts';

/** What is being written beside the record. */
export function SidePane({
  record,
  whose,
  onClose,
}: {
  readonly record: RecordView;
  readonly whose: string;
  readonly onClose: () => void;
}) {
  return <ObservationPane record={record} whose={whose} onClose={onClose} />;
}
