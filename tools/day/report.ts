import type { ImportSummary } from './setting.ts';

export interface DayReport {
  readonly passed: boolean;
  readonly patients: { readonly imported: number; readonly synthetic: number };
  readonly imported: ImportSummary | null;
  readonly booked: number;
  readonly checks: { readonly service: number; readonly screen: number };
  readonly differences: readonly string[];
  readonly kills: readonly string[];
  /** By what was done: how often, and the medians of keystrokes and seconds. */
  readonly effort: readonly EffortLine[];
  readonly seconds: number;
}

export interface EffortLine {
  readonly what: string;
  readonly times: number;
  readonly strokes: number;
  readonly seconds: number;
}

export function effortOf(
  acts: readonly { readonly what: string; readonly strokes: number; readonly seconds: number }[],
): readonly EffortLine[] {
  return [...new Set(acts.map(({ what }) => what))].map((what) => {
    const of = acts.filter((act) => act.what === what);
    return {
      what,
      times: of.length,
      strokes: median(of.map(({ strokes }) => strokes)),
      seconds: Math.round(median(of.map(({ seconds }) => seconds)) * 10) / 10,
    };
  });
}

function median(values: readonly number[]): number {
  return values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)] ?? 0;
}

export function dayReportText(report: DayReport): string {
  const { patients, imported, checks, differences } = report;
  return [
    '',
    `A day without network: ${patients.imported} imported records, ${patients.synthetic} synthetic patients, ${report.booked} bookings, ${Math.round(report.seconds)} s`,
    ...(imported
      ? [
          `Import: ${imported.files} files, ${imported.sourceEntries} entries, ${imported.saved} resources saved, ${imported.unexplained} unexplained`,
        ]
      : []),
    ...report.kills,
    ...report.effort.map(
      ({ what, times, strokes, seconds }) =>
        `${what}: ${times} times, ${strokes} keystrokes, ${seconds} s (medians)`,
    ),
    `Checked: ${checks.service} facts at the service, ${checks.screen} on the screens`,
    differences.length === 0
      ? 'Nothing differs from what was entered.'
      : `${differences.length} differences:\n${differences.map((line) => `  ✗ ${line}`).join('\n')}`,
  ].join('\n');
}
