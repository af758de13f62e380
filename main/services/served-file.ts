import { posix } from 'node:path';

const mediaTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.json': 'application/json; charset=utf-8',
};

export interface ServedFile {
  /** Relative to the renderer's folder, with forward slashes, never leaving it. */
  readonly path: string;
  readonly mediaType: string;
}

/**
 * Which file of the renderer's folder a path of the custom scheme names; `undefined` refuses it: anything that is
 * encoded twice, climbs, names a drive or has an ending that the workspace does not ship.
 */
export function servedFile(pathname: string): ServedFile | undefined {
  let decoded: string;
  try {
    decoded = decodeURIComponent(pathname);
  } catch {
    return undefined;
  }
  if (/[%\\\0:]/.test(decoded) || decoded.split('/').includes('..')) return undefined;
  const path = decoded === '/' ? 'index.html' : decoded.replace(/^\/+/, '');
  const mediaType = mediaTypes[posix.extname(path)];
  return mediaType === undefined ? undefined : { path, mediaType };
}
