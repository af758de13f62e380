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
        'Gladstone or this computer stopped while something was being written. What had been shown as saved is here; the unfinished rest was set aside, not deleted.',
    });
  }
  if (damaged.length > 0 || missingSegments > 0 || report.unsealed.unreadable.length > 0) {
    notices.push({
      code: 'journal-damaged',
      message:
        'A part of the work kept on this computer is damaged and cannot be read. It was left as it is. Tell support before you do anything else; check the entries of the last days.',
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
