import { LOCAL_WARNINGS, localWarnings } from '../../../domain/record/local-warnings.ts';
import type { RecordView } from '../../../domain/record/record-view.ts';

/** Once in the record, beside the allergies: what warns here warns nobody elsewhere (hazards 7, 31). */
export function LocalWarnings({ record }: { readonly record: RecordView }) {
  const warnings = localWarnings(record);
  if (warnings === null) return null;
  return (
    <p className="line-item quiet small local-warnings">
      {LOCAL_WARNINGS}
      {warnings.onPaper ? null : <span hidden data-guarded="safeguarding" />}
    </p>
  );
}
