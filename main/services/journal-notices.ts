import type { OpenReport, UnsealReport } from './journal/journal.ts';

/** What a person must hear of what opening the journal found: nothing is ever skipped in silence. */
export function journalNotices(report: {
  readonly opened: OpenReport;
  readonly unsealed: UnsealReport;
}): readonly { readonly code: string; readonly message: string }[] {
  const { setAside, damaged, missingSegments, reserve } = report.opened;
  const notices: { code: string; message: string }[] = [];
  if (setAside.length > 0) {
    notices.push({
      code: 'journal-set-aside',
      message:
        'Gladstone or this computer stopped while something was being written. Everything that was shown as saved is here. The unfinished rest was set aside, not deleted. Look at what you typed last; there is nothing else to do.',
    });
  }
  if (damaged.length > 0 || missingSegments > 0 || report.unsealed.unreadable.length > 0) {
    notices.push({
      code: 'journal-damaged',
      message:
        'Part of the work saved on this computer is damaged and cannot be read. All the rest is here and is sent. What the record service has already is safe; what it did not have yet may be missing: check your entries of the last days. Nothing was deleted. Tell support before anything on this computer is cleared.',
    });
  }
  if (!reserve) {
    notices.push({
      code: 'disk-nearly-full',
      message: 'This computer’s disk is nearly full. Saving still works; free some space now.',
    });
  }
  return notices;
}

/** What was handed over by a computer that is lost or wiped came back to its author. */
export function lostWorkNotice(report: { readonly operations: number; readonly drafts: number }): {
  readonly code: string;
  readonly message: string;
} {
  const parts = [
    counted(report.operations, 'signed change', ', being sent now'),
    counted(report.drafts, 'draft', ', waiting for you to go on with'),
  ].filter((part) => part !== null);
  return {
    code: 'lost-work-taken-in',
    message: `Work that your other computer had not finished sending was kept sealed by the practice and is here now: ${parts.join('; ')}. Look it through: it was written before that computer was taken out of use.`,
  };
}

function counted(count: number, thing: string, rest: string): string | null {
  return count === 0 ? null : `${count} ${thing}${count === 1 ? '' : 's'}${rest}`;
}
