import type { BrowserWindow } from 'electron';

/** Prints what the page's print style shows, through the system's dialogue; nothing is spooled to a file of ours. */
export function printPage(window: BrowserWindow | undefined, landscape: boolean): Promise<boolean> {
  if (window === undefined) return Promise.resolve(false);
  return new Promise((resolve) => {
    window.webContents.print({ landscape, printBackground: false, pageSize: 'A4' }, (printed) => {
      resolve(printed);
    });
  });
}
