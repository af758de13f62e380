import { useEffect, useRef, useState } from 'react';
import { narrativeText } from '../../../domain/record/narrative-text.ts';
import type { DocumentContent } from '../../../domain/record/document-content.ts';
import { Notice, Skeleton } from '../../ui/index.ts';

type Shown = Exclude<DocumentContent, { kind: 'message' }>;

/**
 * A document as words or drawn on a canvas. Nothing of it becomes part of the page: no markup, no script, no style, no
 * address that could be fetched; the content security policy would refuse them as well.
 */
export function DocumentPaper({ content, title }: { readonly content: Shown; readonly title: string }) {
  switch (content.kind) {
    case 'text':
      return <pre className="preserve document-text">{textOf(content.data)}</pre>;
    case 'html':
      return (
        <>
          <Notice>Shown as plain words: layout and pictures of this web page are left out.</Notice>
          <pre className="preserve document-text">{narrativeText(textOf(content.data)).join('\n')}</pre>
        </>
      );
    case 'image':
    case 'pdf':
      return <Drawn key={content.data.length} content={content} title={title} />;
  }
}

function Drawn({ content, title }: { readonly content: Shown; readonly title: string }) {
  const box = useRef<HTMLDivElement>(null);
  const [state, setState] = useState<'drawing' | 'drawn' | 'failed'>('drawing');
  useEffect(() => {
    const into = box.current;
    if (!into) return;
    const stopped = new AbortController();
    const draw = content.kind === 'pdf' ? drawPdf : drawImage;
    draw(content, title, into, stopped.signal).then(
      () => {
        if (!stopped.signal.aborted) setState('drawn');
      },
      () => {
        if (!stopped.signal.aborted) setState('failed');
      },
    );
    return () => {
      stopped.abort();
      into.replaceChildren();
    };
  }, [content, title]);
  return (
    <>
      {state === 'drawing' ? <Skeleton label="Opening the document" lines={8} /> : null}
      {state === 'failed' ? (
        <Notice tone="amber" role="alert">
          This document is damaged or of a kind that cannot be read here. Nothing of it was lost: it is kept
          whole in the record. Open it in the system that it came from.
        </Notice>
      ) : null}
      <div className="document-pages" ref={box} />
    </>
  );
}

type Draw = (content: Shown, title: string, into: HTMLElement, stopped: AbortSignal) => Promise<void>;

const drawImage: Draw = async ({ data, contentType }, title, into, stopped) => {
  const picture = await createImageBitmap(new Blob([bytesOf(data)], { type: contentType }));
  if (stopped.aborted) return;
  const canvas = canvasFor(into, picture.width, picture.height, title);
  canvas.getContext('2d')?.drawImage(picture, 0, 0);
  picture.close();
};

/** Page after page, so that a long document shows at once. */
const drawPdf: Draw = async ({ data }, title, into, stopped) => {
  const { getDocument, GlobalWorkerOptions } = await import('pdfjs-dist');
  stopped.throwIfAborted();
  const port = new Worker(new URL('pdfjs-dist/build/pdf.worker.min.mjs', import.meta.url), {
    type: 'module',
    name: 'gladstone-document',
  });
  GlobalWorkerOptions.workerPort = port;
  const loading = getDocument({
    data: bytesOf(data),
    useSystemFonts: true,
    useWasm: false,
    enableXfa: false,
    stopAtErrors: false,
  });
  // The worker holds the document: it ends with the dialogue.
  stopped.addEventListener('abort', () => {
    void loading.destroy().finally(() => {
      port.terminate();
    });
  });
  const pdf = await loading.promise;
  for (let number = 1; number <= pdf.numPages && !stopped.aborted; number += 1) {
    const page = await pdf.getPage(number);
    const viewport = page.getViewport({ scale: 1.5 });
    const words = `${title}, page ${number} of ${pdf.numPages}`;
    const canvas = canvasFor(into, viewport.width, viewport.height, words);
    await page.render({ canvas, viewport }).promise;
    const { items } = await page.getTextContent();
    const spoken = document.createElement('p');
    spoken.className = 'spoken';
    spoken.textContent = items.map((item) => ('str' in item ? item.str : '')).join(' ');
    canvas.after(spoken);
  }
};

function canvasFor(into: HTMLElement, width: number, height: number, words: string): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.width = Math.ceil(width);
  canvas.height = Math.ceil(height);
  canvas.setAttribute('role', 'img');
  canvas.setAttribute('aria-label', words);
  into.append(canvas);
  return canvas;
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64.replace(/\s/g, '')), (letter) => letter.charCodeAt(0));
}

function textOf(base64: string): string {
  try {
    return new TextDecoder().decode(bytesOf(base64));
  } catch {
    return 'The content of this document is damaged and cannot be read. It is kept as it is in the record.';
  }
}
