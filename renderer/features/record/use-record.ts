import type { RecordViewName, RecordViews } from '../../../domain/record/record-view.ts';
import type { OpenedRecord } from '../../cache/index.ts';
import { useBagQuery, type BagAnswer } from '../bag/index.ts';

/** The record of one patient, followed: what arrives or is saved shows at once. */
export function useRecord(patientId: string, asAt: string | null): BagAnswer<OpenedRecord> {
  return useBagQuery(
    `record ${patientId} ${asAt ?? ''}`,
    (bag) => bag.openRecord(patientId, asAt === null ? {} : { asAt }),
    (notice) =>
      notice.kind === 'state' || (notice.kind === 'patients' && notice.patientIds.includes(patientId)),
  );
}

/** One tab of the record; `null` where the record is not here. */
export function useRecordView<Name extends RecordViewName>(
  patientId: string,
  name: Name,
  asAt: string | null,
): BagAnswer<RecordViews[Name] | null> {
  return useBagQuery(
    `${name} ${patientId} ${asAt ?? ''}`,
    (bag) => bag.view(patientId, name, asAt === null ? {} : { asAt }),
    (notice) => notice.kind === 'patients' && notice.patientIds.includes(patientId),
  );
}
