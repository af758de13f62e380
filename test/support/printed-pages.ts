import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs';
import type { WorkspaceWindow } from './workspace-window.ts';

/** The window as it would come out of the printer: A4, its words a page. */
export async function printedPages({ app }: Pick<WorkspaceWindow, 'app'>): Promise<readonly string[]> {
  const base64 = await app.evaluate(async ({ BrowserWindow }) => {
    const [window] = BrowserWindow.getAllWindows();
    const pdf = await window?.webContents.printToPDF({ pageSize: 'A4', preferCSSPageSize: true });
    return pdf?.toString('base64') ?? '';
  });
  const loading = getDocument({ data: Uint8Array.from(Buffer.from(base64, 'base64')) });
  const pdf = await loading.promise;
  const pages: string[] = [];
  for (let number = 1; number <= pdf.numPages; number += 1) {
    const { items } = await (await pdf.getPage(number)).getTextContent();
    pages.push(
      items
        .map((item) => ('str' in item ? item.str : ''))
        .join(' ')
        .replaceAll(/\s+/g, ' '),
    );
  }
  await loading.destroy();
  return pages;
}
