import { displayDate } from '../../../domain/clinical/date-display.ts';
import { bestPeakFlow, peakFlowComparison } from '../../../domain/clinical/peak-flow.ts';
import type { RecordViews } from '../../../domain/record/record-view.ts';

/** Beside the box for a peak flow: the best ever with its day, and what is being entered as a part of it. */
export function PeakFlowBest({
  series,
  entered,
}: {
  readonly series: RecordViews['series'];
  /** In litres a minute; null while the box holds no number that may stand. */
  readonly entered: number | null;
}) {
  const best = bestPeakFlow(series);
  if (best === null) return <span className="quiet">Best ever not recorded</span>;
  return (
    <span className="peak-flow-best">
      Best ever <strong>{best.value}</strong> <span className="nowrap">{displayDate(best.when)}</span>
      {entered === null ? null : `: ${peakFlowComparison(entered, best)}`}
    </span>
  );
}
