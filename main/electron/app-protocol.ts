import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { net, protocol } from 'electron';
import { servedFile } from '../services/served-file.ts';
import { securityHeaders } from './content-security-policy.ts';
import { host, scheme } from './origin.ts';

/** Must run before the app is ready. */
export function registerScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ]);
}

/** Serves the renderer's folder and nothing else; in development the Vite server stands behind the same origin. */
export function serveRenderer(folder: string, developmentServer: string | undefined): void {
  const headers = securityHeaders(developmentServer);
  protocol.handle(scheme, async (request) => {
    const url = new URL(request.url);
    if (url.host !== host || request.method !== 'GET')
      return new Response('Not found', { status: 404, headers });
    if (developmentServer !== undefined) {
      const answer = await net.fetch(`${developmentServer}${url.pathname}${url.search}`);
      const merged = new Headers(answer.headers);
      for (const [name, value] of Object.entries(headers)) merged.set(name, value);
      return new Response(answer.body, { status: answer.status, headers: merged });
    }
    const file = servedFile(url.pathname);
    if (file === undefined) return new Response('Not found', { status: 404, headers });
    try {
      const bytes = await readFile(join(folder, file.path));
      return new Response(new Uint8Array(bytes), { headers: { ...headers, 'Content-Type': file.mediaType } });
    } catch {
      return new Response('Not found', { status: 404, headers });
    }
  });
}
