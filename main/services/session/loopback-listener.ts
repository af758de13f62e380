import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface LoopbackListener {
  /** e.g. `http://127.0.0.1:49312/callback` */
  readonly redirectUri: string;
  /** The address that the browser came back to; null when closed before. */
  readonly callback: Promise<URL | null>;
  close(): void;
}

const page = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Gladstone</title>
<body><h1>Go back to Gladstone</h1><p>You can close this page.</p></body></html>`;

/** Listens on this computer alone for the one answer of a sign-in (RFC 8252, 7.3). */
export async function listenForCallback(): Promise<LoopbackListener> {
  let settle: (address: URL | null) => void = () => undefined;
  const callback = new Promise<URL | null>((resolve) => {
    settle = resolve;
  });
  let redirectUri = '';
  const server = createServer((request, response) => {
    const address = new URL(request.url ?? '/', redirectUri);
    // The host too: a page elsewhere must not reach this by a name that it made point here.
    const isOurs = request.headers.host === new URL(redirectUri).host;
    if (request.method !== 'GET' || address.pathname !== '/callback' || !isOurs) {
      response.writeHead(404).end();
      return;
    }
    response
      .writeHead(200, {
        'content-type': 'text/html; charset=utf-8',
        'content-security-policy': "default-src 'none'",
        'cache-control': 'no-store',
        'referrer-policy': 'no-referrer',
        connection: 'close',
      })
      .end(page);
    settle(address);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  redirectUri = `http://127.0.0.1:${(server.address() as AddressInfo).port}/callback`;
  return {
    redirectUri,
    callback,
    close() {
      settle(null);
      server.close();
      server.closeAllConnections();
    },
  };
}
