import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { FhirRouter, MemoryRepository, type HttpMethod } from '@medplum/fhir-router';
import { getStatus } from '@medplum/core';
import { loadDefinitions } from '../../../../record-service/validation/definitions.ts';

/**
 * The router over its own MemoryRepository, served as it comes. It is no oracle: it does not roll back, leaves no
 * tombstones and validates nothing. The suite must say so.
 */
export async function startMemoryServer(): Promise<{ base: string; close(): Promise<void> }> {
  loadDefinitions();
  const router = new FhirRouter();
  const repository = new MemoryRepository();
  const server = createServer((request, response) => {
    void (async () => {
      const text = await bodyOf(request);
      let body: unknown;
      try {
        body = text === '' ? undefined : JSON.parse(text);
      } catch {
        body = undefined;
      }
      const [outcome, resource] = await router.handleRequest(
        {
          method: request.method as HttpMethod,
          url: (request.url ?? '/').slice(1),
          pathname: '',
          params: {},
          query: {},
          body,
          headers: request.headers,
          config: { transactions: true },
        },
        repository,
      );
      const version = resource?.meta?.versionId;
      response.writeHead(getStatus(outcome), {
        'content-type': 'application/fhir+json',
        ...(version === undefined
          ? {}
          : {
              etag: `W/"${version}"`,
              location: `${base}/${resource?.resourceType}/${resource?.id}/_history/${version}`,
            }),
      });
      response.end(JSON.stringify(resource ?? outcome));
    })().catch(() => {
      response.writeHead(500).end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    base,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => {
          resolve();
        });
      }),
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = '';
  request.setEncoding('utf8');
  for await (const chunk of request) text += String(chunk);
  return text;
}
