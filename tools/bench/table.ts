import type { Measurement } from './measurement.ts';

export type Verdict = 'met' | 'missed' | null;

/** Whether the figure that the budget is held against is within it; `null` where there is no budget. */
export function verdictOf(measurement: Measurement): Verdict {
  const { budget, judgedBy = 'value', better = 'less' } = measurement;
  if (budget === undefined) return null;
  const judged = measurement[judgedBy];
  if (judged === undefined || Number.isNaN(judged)) return 'missed';
  return (better === 'less' ? judged <= budget : judged >= budget) ? 'met' : 'missed';
}

/** Every figure as one Markdown table; a missed budget is said loudly. */
export function tableOf(measurements: readonly Measurement[]): string {
  const rows = measurements.map((measurement) => [
    measurement.name,
    `${shown(measurement.value)} ${measurement.unit}`,
    measurement.p95 === undefined ? '' : shown(measurement.p95),
    measurement.baseline === undefined ? '' : shown(measurement.baseline),
    measurement.ratio === undefined ? '' : `${shown(measurement.ratio)} ×`,
    budgetWords(measurement),
    measurement.note ?? '',
  ]);
  const head = ['figure', 'median', 'p95', 'baseline', 'ratio', 'budget', 'what was measured'];
  return [head, head.map((_, index) => (index > 0 && index < 5 ? '---:' : '---')), ...rows]
    .map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`)
    .join('\n');
}

function budgetWords(measurement: Measurement): string {
  const verdict = verdictOf(measurement);
  if (verdict === null || measurement.budget === undefined) return '';
  const { judgedBy = 'value', better = 'less', unit, budget } = measurement;
  const held = judgedBy === 'value' ? '' : ` ${judgedBy}`;
  const words = `${better === 'less' ? '≤' : '≥'} ${shown(budget)} ${judgedBy === 'ratio' ? '×' : unit}${held}`;
  return verdict === 'met' ? `met: ${words}` : `**MISSED: ${words}**`;
}

/** Three figures, never an exponent. */
function shown(value: number): string {
  if (Number.isNaN(value)) return '?';
  const size = Math.abs(value);
  if (size >= 100) return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ',');
  return size >= 10 ? value.toFixed(1) : value.toFixed(2);
}
