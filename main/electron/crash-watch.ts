import { join } from 'node:path';
import { app } from 'electron';
import type { BrowserWindow } from 'electron';
import { framesOf, writeCrashReport } from '../services/crash/crash-report.ts';
import type { CrashReport } from '../services/crash/crash-report.ts';
import { afterCrash } from '../services/crash/reopen-policy.ts';
import type { Log } from '../services/log/log.ts';
import { showPlainPage } from './crash-page.ts';
import { buildVersion } from './runtime.ts';

/** Crashes of window and main: a report without patient data, and the window back at the same place. */
export class CrashWatch {
  readonly #folder: string;
  readonly #log: Log;
  #history: readonly number[] = [];

  constructor(profile: string, log: Log) {
    this.#folder = join(profile, 'crashes');
    this.#log = log;
    process.on('uncaughtException', (error) => {
      this.report({ process: 'main', reason: error.name, frames: framesOf(error.stack) });
      // Everything acknowledged is fsynced: to end is safe, to go on in an unknown state is not.
      app.exit(70);
    });
    process.on('unhandledRejection', (reason) => {
      const error = reason instanceof Error ? reason : new Error(typeof reason);
      this.report({ process: 'main', reason: `unhandled ${error.name}`, frames: framesOf(error.stack) });
    });
  }

  report(report: Pick<CrashReport, 'process' | 'reason' | 'frames'>): void {
    writeCrashReport(this.#folder, { at: new Date().toISOString(), version: buildVersion, ...report });
    this.#log.write('error', 'crash', { process: report.process, reason: report.reason });
  }

  watchWindow(window: BrowserWindow, actions: { readonly reopen: () => void }): void {
    window.webContents.on('render-process-gone', (_event, details) => {
      if (details.reason === 'clean-exit') return;
      this.report({ process: 'renderer', reason: `${details.reason}, code ${details.exitCode}`, frames: [] });
      const next = afterCrash(this.#history, performance.now());
      this.#history = next.history;
      if (next.reopen) {
        actions.reopen();
      } else {
        void showPlainPage('The window closed unexpectedly several times', [
          'What you saved is on this computer, and what you typed until two seconds before is in your drafts.',
          'Close Gladstone and open it again. If this goes on, tell support; the report holds no patient data.',
        ]);
      }
      window.destroy();
    });
  }
}
