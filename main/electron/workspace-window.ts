import { join } from 'node:path';
import { app, BrowserWindow } from 'electron';
import type { WebContents } from 'electron';

export interface WorkspaceWindowOptions {
  readonly preload: string;
  readonly developerTools: boolean;
  readonly contentProtection: boolean;
}

/** Every switch of Electron's security list is written out, so that a changed default changes nothing here. */
export function createWorkspaceWindow(options: WorkspaceWindowOptions): BrowserWindow {
  const window = new BrowserWindow({
    width: 1366,
    height: 768,
    minWidth: 1024,
    minHeight: 640,
    show: false,
    title: app.getName(),
    backgroundColor: '#f0f4f5',
    autoHideMenuBar: true,
    webPreferences: {
      preload: options.preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
      devTools: options.developerTools,
      safeDialogs: true,
    },
  });
  window.setContentProtection(options.contentProtection);
  window.removeMenu();
  window.once('ready-to-show', () => {
    window.show();
  });
  window.on('page-title-updated', (event) => {
    // A title shows in task lists and screen sharing: it never carries a patient's name.
    event.preventDefault();
  });
  return window;
}

/**
 * For every WebContents there ever is: no way out of the page, no second window, no embedded guest.
 *
 * @param mayReload only where the development server reloads the page that it serves.
 */
export function confine(contents: WebContents, mayReload: boolean): void {
  contents.on('will-navigate', (event) => {
    if (mayReload && event.url === contents.getURL()) return;
    event.preventDefault();
  });
  contents.on('will-frame-navigate', (event) => {
    // The top frame has its own event above; there is no reason for any other frame to go anywhere.
    if (!event.isMainFrame) event.preventDefault();
  });
  contents.on('will-redirect', (event) => {
    event.preventDefault();
  });
  contents.on('will-attach-webview', (event) => {
    event.preventDefault();
  });
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
}

export function preloadPath(buildFolder: string): string {
  return join(buildFolder, 'preload.cjs');
}
