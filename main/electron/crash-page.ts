import { BrowserWindow } from 'electron';

/** Static words, no script: shown when the window crashed too often, or may not start at all. */
export async function showPlainPage(title: string, paragraphs: readonly string[]): Promise<BrowserWindow> {
  const window = new BrowserWindow({
    width: 640,
    height: 360,
    title: 'Gladstone',
    autoHideMenuBar: true,
    webPreferences: { sandbox: true, contextIsolation: true, nodeIntegration: false, javascript: false },
  });
  window.removeMenu();
  const escape = (text: string): string => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
  const page = `<!doctype html><html lang="en-GB"><meta charset="utf-8"><title>Gladstone</title><body><h1>${escape(title)}</h1>${paragraphs
    .map((paragraph) => `<p>${escape(paragraph)}</p>`)
    .join('')}</body></html>`;
  await window.loadURL(`data:text/html;charset=utf-8,${encodeURIComponent(page)}`);
  return window;
}
