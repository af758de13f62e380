import { app, BrowserWindow, session, shell } from 'electron';
import type { Session, WebContents } from 'electron';
import { mayOpenExternally } from '../services/external-link.ts';
import type { ShowSignIn } from '../services/session/identity-client.ts';
import { restrictPermissions } from './permissions.ts';

/** In memory alone, so that one person's session at the identity provider never serves the next. */
const partition = 'sign-in';

export function signInSession(): Session {
  return session.fromPartition(partition);
}

/** Opens the sign-in where the setting says. The page gets no bridge in either place. */
export function showSignInWith(where: () => 'system-browser' | 'app-window'): ShowSignIn {
  return (address) => (where() === 'app-window' ? showInWindow(address) : showInBrowser(address));
}

async function showInBrowser(address: string): Promise<{ closed: Promise<void>; close(): void }> {
  if (!mayOpenExternally(address, new Set([new URL(address).origin])))
    throw new Error('this address is not opened');
  await shell.openExternal(address);
  // A system browser does not say when its page was closed.
  return { closed: new Promise<void>(() => undefined), close: () => undefined };
}

async function showInWindow(address: string): Promise<{ closed: Promise<void>; close(): void }> {
  const signIn = signInSession();
  await signIn.clearStorageData();
  restrictPermissions(signIn);
  const window = new BrowserWindow({
    width: 520,
    height: 680,
    title: app.getName(),
    autoHideMenuBar: true,
    webPreferences: {
      partition,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
      spellcheck: false,
      devTools: false,
    },
  });
  window.removeMenu();
  confineSignIn(window.webContents, new URL(address).origin);
  const closed = new Promise<void>((resolve) => {
    window.once('closed', () => {
      resolve();
    });
  });
  await window.loadURL(address).catch(() => undefined);
  return {
    closed,
    close: () => {
      if (!window.isDestroyed()) window.destroy();
    },
  };
}

/** The identity provider's pages and the way back to this computer, nothing else. */
function confineSignIn(contents: WebContents, issuer: string): void {
  contents.on('will-navigate', (event) => {
    const url = new URL(event.url);
    const isCallback =
      url.protocol === 'http:' && url.hostname === '127.0.0.1' && url.pathname === '/callback';
    if (url.origin !== issuer && !isCallback) event.preventDefault();
  });
  contents.on('will-attach-webview', (event) => {
    event.preventDefault();
  });
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
}
