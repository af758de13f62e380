import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the proxy does to one request. */
export const proxyFaults = [
  'none',
  'latency',
  /** The service acted; its answer is dropped. */
  'drop-after-send',
  /** The connection breaks before the service sees anything. */
  'drop-before-send',
  'truncate',
  'status-413',
  'status-429',
  'status-500',
  /** A portal's page with 200. */
  'html-200',
] as const;

export type ProxyFault = (typeof proxyFaults)[number];

/** A proxy on loopback that spoils what `next` says. */
export async function startFaultyProxy(
  target: string,
  next: (path: string) => ProxyFault,
): Promise<{ readonly url: string; readonly close: () => Promise<void> }> {
  const server: Server = createServer((request, response) => {
    void serve(target, request, response, next(request.url ?? '')).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => {
          resolve();
        });
      }),
  };
}

async function serve(
  target: string,
  request: IncomingMessage,
  response: ServerResponse,
  fault: ProxyFault,
): Promise<void> {
  const body = await bytesOf(request);
  switch (fault) {
    case 'drop-before-send':
      response.destroy();
      return;
    case 'status-413':
      // A gateway's own answer: without the service's JSON.
      response.writeHead(413).end('too large');
      return;
    case 'status-429':
      response.writeHead(429, { 'retry-after': '1' }).end();
      return;
    case 'status-500':
      response
        .writeHead(500, { 'content-type': 'application/json' })
        .end('{"code":"fault","message":"The record service reports a fault."}');
      return;
    case 'html-200':
      response
        .writeHead(200, { 'content-type': 'text/html' })
        .end('<html><body>Welcome to the guest network. Please accept the terms.</body></html>');
      return;
    case 'none':
    case 'latency':
    case 'drop-after-send':
    case 'truncate':
      break;
  }
  const headers = new Headers();
  for (const name of ['authorization', 'content-type', 'accept', 'x-gladstone-device']) {
    const value = request.headers[name];
    if (typeof value === 'string') headers.set(name, value);
  }
  const answer = await fetch(`${target}${request.url ?? ''}`, {
    method: request.method ?? 'GET',
    headers,
    ...(body.length === 0 ? {} : { body }),
  });
  const bytes = Buffer.from(await answer.arrayBuffer());
  if (fault === 'drop-after-send') {
    response.destroy();
    return;
  }
  if (fault === 'latency') await new Promise((resolve) => setTimeout(resolve, 40));
  response.writeHead(answer.status, {
    'content-type': answer.headers.get('content-type') ?? '',
    'content-length': bytes.length,
  });
  if (fault !== 'truncate' || bytes.length < 2) {
    response.end(bytes);
    return;
  }
  response.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => response.destroy());
}

async function bytesOf(request: IncomingMessage): Promise<Buffer<ArrayBuffer>> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts);
}
