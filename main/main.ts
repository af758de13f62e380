/** Composition root: boot order only. Each step says in its own file why it is done. */
import { join } from 'node:path';
import { app, powerMonitor, session } from 'electron';
import type { BrowserWindow } from 'electron';
import { registerScheme, serveRenderer } from './electron/app-protocol.ts';
import { showPlainPage } from './electron/crash-page.ts';
import { CrashWatch } from './electron/crash-watch.ts';
import { IpcHost } from './electron/ipc-host.ts';
import { origin } from './electron/origin.ts';
import { restrictPermissions } from './electron/permissions.ts';
import {
  answerWithinTheFrame,
  buildVersion,
  chooseProfile,
  collectGarbageBesideWork,
  label,
  refusal,
} from './electron/runtime.ts';
import { SettingsStore } from './electron/settings-store.ts';
import { workspaceHandlers } from './electron/workspace-handlers.ts';
import { signInSession } from './electron/sign-in-window.ts';
import { confine, createWorkspaceWindow, preloadPath } from './electron/workspace-window.ts';
import { openLog } from './services/log/log.ts';
import { claimProfile } from './services/profile/profile-version.ts';
import { Desk } from './electron/desk.ts';

label();
chooseProfile();
collectGarbageBesideWork();
answerWithinTheFrame();
if (app.requestSingleInstanceLock()) {
  app.enableSandbox();
  registerScheme();
  void app.whenReady().then(start);
} else {
  app.quit();
}

async function start(): Promise<void> {
  const refused = refusal();
  if (refused !== undefined) {
    await showPlainPage('Gladstone does not start here', [refused, 'Nothing was opened or changed.']);
    return;
  }
  const profile = app.getPath('userData');
  const claimed = claimProfile(profile, buildVersion);
  if (!claimed.ok) {
    await showPlainPage('A newer Gladstone was used here', [
      `This profile was last opened by version ${claimed.error.writtenBy}; this is ${buildVersion}.`,
      'Nothing was opened or changed, and nothing is lost. Install that version or a newer one.',
    ]);
    return;
  }

  const log = openLog(join(profile, 'logs'));
  const crashes = new CrashWatch(profile, log);
  const settings = new SettingsStore(profile);
  const buildFolder = join(app.getAppPath(), '.vite/build');
  const developmentServer = MAIN_WINDOW_VITE_DEV_SERVER_URL;

  restrictPermissions(session.defaultSession);
  serveRenderer(join(buildFolder, '../renderer/main_window'), developmentServer);
  app.on('web-contents-created', (_event, contents) => {
    // The sign-in page has walls of its own (sign-in-window.ts).
    if (contents.session !== signInSession()) confine(contents, developmentServer !== undefined);
  });

  const ipc = new IpcHost(log);
  let window: BrowserWindow | undefined;
  const currentWindow = (): BrowserWindow | undefined =>
    window?.isDestroyed() === false ? window : undefined;

  const openWindow = (): void => {
    const created = createWorkspaceWindow({
      preload: preloadPath(buildFolder),
      developerTools: GLADSTONE_FLAVOUR === 'development',
      contentProtection: settings.get().contentProtection,
    });
    window = created;
    ipc.admit(created.webContents);
    crashes.watchWindow(created, {
      reopen: () => {
        openWindow();
      },
    });
    void created.loadURL(`${origin}/`);
  };
  // The page loads while session and vault are read (about 30 ms of the start); what it asks meanwhile waits.
  openWindow();
  const opening = Desk.open({ profile, log, settings, tell: ipc.tell.bind(ipc), window: currentWindow });
  ipc.serve(
    opening.then((desk) => ({
      ...desk.handlers,
      ...workspaceHandlers({
        settings,
        window: currentWindow,
        settingsChanged: (next) => {
          currentWindow()?.setContentProtection(next.contentProtection);
          desk.settingsChanged();
        },
        reportCrash: crashes.report.bind(crashes),
        connectCache: () => {
          void desk.connectCache();
        },
      }),
    })),
  );
  app.on('window-all-closed', () => {
    app.quit();
  });
  const desk = await opening;

  app.on('second-instance', () => {
    const first = currentWindow();
    if (first?.isMinimized() === true) first.restore();
    first?.focus();
  });
  powerMonitor.on('suspend', () => {
    void desk.suspend();
  });
  powerMonitor.on('lock-screen', () => {
    void desk.lock();
  });
  powerMonitor.on('resume', () => {
    desk.nudge();
  });
  let closed = false;
  app.on('before-quit', (event) => {
    if (closed) return;
    // What is on its way to the journal is finished first; unsent work is in the journal already.
    event.preventDefault();
    void desk.close().finally(() => {
      closed = true;
      log.close();
      app.quit();
    });
  });
}
