import { Empty, Skeleton } from '../../ui/index.ts';
import { Nothing } from './nothing.tsx';
import { TrendCharts } from './trend-charts.tsx';
import { useRecordView } from './use-record.ts';

export function Graphs({ patientId, asAt }: { readonly patientId: string; readonly asAt: string | null }) {
  const { value, error } = useRecordView(patientId, 'series', asAt);
  if (error) return <Empty>{error}</Empty>;
  if (!value) return <Skeleton label="Opening the graphs" lines={8} />;
  if (value.length === 0)
    return <Nothing>No measured values to draw. Values that cannot be drawn stand in the results.</Nothing>;
  return <TrendCharts series={value} />;
}
