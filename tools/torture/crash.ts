/**
 * Crash-point matrix of the device's disk work (sync.md, How it is proved, 2): a program that saves, settles and
 * compacts kills itself at each named failpoint, the n-th time it comes there; the restart finds everything that the
 * program had said, and goes on.
 */
import { rmSync } from 'node:fs';
import { failpoints } from './failpoints.ts';
import { groupOf } from './journal-keys.ts';
import { newSavingRun, openAfter, runSavingChild } from './saving-run.ts';
import type { OperationId } from '../../domain/identifiers.ts';
import type { Failpoint } from './failpoints.ts';

export interface CrashReport {
  readonly crashes: number;
  /** The failpoint was not reached so often. */
  readonly survived: number;
  readonly acknowledged: number;
  readonly violations: readonly string[];
}

/** `occurrences`: at which times of reaching each failpoint to die. */
export async function runCrashMatrix(options: {
  readonly occurrences: readonly number[];
  readonly saves: number;
  readonly points?: readonly Failpoint[];
}): Promise<CrashReport> {
  let crashes = 0;
  let survived = 0;
  let acknowledged = 0;
  const violations: string[] = [];
  for (const point of options.points ?? failpoints) {
    for (const occurrence of options.occurrences) {
      const failpoint = `${point}:${occurrence}`;
      const result = await crashAt(failpoint, options.saves);
      crashes += result.killed ? 1 : 0;
      survived += result.killed ? 0 : 1;
      acknowledged += result.acknowledged;
      violations.push(...result.violations.map((violation) => `${failpoint}: ${violation}`));
    }
  }
  return { crashes, survived, acknowledged, violations };
}

async function crashAt(
  failpoint: string,
  saves: number,
): Promise<{
  readonly killed: boolean;
  readonly acknowledged: number;
  readonly violations: readonly string[];
}> {
  const run = newSavingRun();
  try {
    const { output, killed } = await runSavingChild(run, saves, failpoint);
    const { journal, report } = await openAfter(run);
    const violations: string[] = [];
    const lines = output.split('\n').filter((line) => line !== '');
    for (const line of lines) {
      const [word, opId = '', hash] = line.split(' ');
      const operation = journal.operation(opId as OperationId);
      if (operation === undefined) violations.push(`lost ${opId}`);
      else if (word === 'saved' && operation.signed.hash !== hash) violations.push(`changed ${opId}`);
      else if (word === 'settled' && operation.outcome === null)
        violations.push(`lost the outcome of ${opId}`);
    }
    if (report.damaged.length > 0 || report.missingSegments > 0) violations.push('damage after a mere crash');
    const before = journal.operations().length;
    if (new Set(journal.operations().map(({ signed }) => signed.operation.deviceSeq)).size !== before) {
      violations.push('a number was given twice');
    }
    const saved = await journal.saveGroup(groupOf(run.workers.signer(run.deviceId), 'patient-0', 'after'));
    if (!saved.ok) violations.push(`refuses to go on: ${saved.error.code}`);
    await journal.close();
    const again = await openAfter(run);
    if (again.journal.operations().length !== before + 1)
      violations.push('lost something at the second start');
    await again.journal.close();
    return { killed, acknowledged: lines.length, violations };
  } finally {
    rmSync(run.folder, { recursive: true, force: true });
  }
}

/** The long form: `npm run torture -- crash`. */
export async function runCrashTorture(): Promise<boolean> {
  const report = await runCrashMatrix({ occurrences: [1, 2, 3, 5, 8, 13], saves: 16 });
  console.log(
    `crash: ${report.crashes} crashes at ${failpoints.length} failpoints (${report.survived} not reached), ${report.acknowledged} words given, ${report.violations.length} violations`,
  );
  for (const violation of report.violations.slice(0, 20)) console.log(`  ${violation}`);
  return report.violations.length === 0;
}
