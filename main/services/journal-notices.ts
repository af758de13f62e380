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
