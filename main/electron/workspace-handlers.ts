import type { BrowserWindow } from 'electron';
import type { Handlers } from '../../contract/ipc.ts';
import type { Place, Settings } from '../../contract/channels/workspace.ts';
import { success } from '../../domain/result.ts';
import type { CrashReport } from '../services/crash/crash-report.ts';
import { buildVersion, onTestRuntime } from './runtime.ts';
import type { SettingsStore } from './settings-store.ts';
import { printPage } from './printing.ts';

type WorkspaceChannel =
  | 'about.get'
  | 'settings.get'
  | 'settings.put'
  | 'place.put'
  | 'place.get'
  | 'print.page'
  | 'crash.report'
  | 'cache.connect';

export interface WorkspacePorts {
  readonly settings: SettingsStore;
  readonly window: () => BrowserWindow | undefined;
  readonly settingsChanged: (settings: Settings) => void;
  readonly reportCrash: (report: Pick<CrashReport, 'process' | 'reason' | 'frames'>) => void;
  readonly connectCache: () => void;
}

/** The handlers that need nothing but the shell. The place is held in memory: ids never reach the disk from here. */
export function workspaceHandlers(ports: WorkspacePorts): Pick<Handlers, WorkspaceChannel> {
  let place: Place | null = null;
  return {
    'about.get': () =>
      success({
        version: buildVersion,
        electron: process.versions.electron,
        chromium: process.versions.chrome,
        flavour: GLADSTONE_FLAVOUR,
        testRuntime: onTestRuntime(),
      }),
    'settings.get': () => success(ports.settings.get()),
    'settings.put': (change) => {
      const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
      const settings = ports.settings.put(given);
      ports.settingsChanged(settings);
      return success(settings);
    },
    'place.put': (next) => {
      place = next;
      return success(undefined);
    },
    'place.get': () => success(place),
    'print.page': async ({ landscape }) => success({ printed: await printPage(ports.window(), landscape) }),
    'crash.report': ({ code, where }) => {
      ports.reportCrash({ process: 'renderer', reason: `${code} in ${where}`, frames: [] });
      return success(undefined);
    },
    'cache.connect': () => {
      ports.connectCache();
      return success(undefined);
    },
  };
}
