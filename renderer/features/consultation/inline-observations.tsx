import type { RecordView } from '../../../domain/record/record-view.ts';
import { ObservationGrid, type SetState } from '../observations/index.ts';
import { useRecordView } from '../record/index.ts';
import type { ConsultationNote } from './note.ts';

/** The boxes of the observations taken in a consultation; after the last, the note takes the focus. */
export function InlineObservations({
  note,
  boxes,
  patient,
  record,
  onState,
}: {
  readonly note: ConsultationNote;
  readonly boxes: Parameters<typeof ObservationGrid>[0]['boxes'];
  readonly patient: Parameters<typeof ObservationGrid>[0]['patient'];
  readonly record: RecordView;
  readonly onState: (state: SetState) => void;
}) {
  const rows = useRecordView(record.patientId, 'observations', null).value ?? [];
  const series = useRecordView(record.patientId, 'series', null).value ?? [];
  return (
    <ObservationGrid
      boxes={boxes}
      state={note.observations}
      patient={patient}
      rows={rows}
      series={series}
      onState={onState}
      onDone={() => {
        document.querySelector<HTMLElement>('[data-note-line]')?.focus();
      }}
    />
  );
}
