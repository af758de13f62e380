import { mkdtempSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JSONWebKeySet } from 'jose';
import { pino } from 'pino';
import { buildService } from '../../record-service/build-service.ts';
import { activitiesOf } from '../../record-service/identity/activities.ts';
import { systemActor, type Actor } from '../../record-service/identity/actor.ts';
import { createAuthenticator, embeddedIssuer } from '../../record-service/identity/authenticator.ts';
import { copyIssuer } from './copy-issuer.ts';

/**
 * One copy of the record service for torture and load: DATABASE_URL in, its address on standard output. It trusts
 * whoever comes: `Bearer gp-7` is the seventh GP, anything else the service itself. With COPY_KEYS (a JWKS) it trusts
 * nobody and verifies tokens as in production.
 */
const keys = process.env['COPY_KEYS'];
const service = await buildService({
  logger: pino({ level: 'silent' }),
  dataFolder: process.env['GLADSTONE_DATA_DIR'] ?? mkdtempSync(join(tmpdir(), 'gladstone-copy-')),
  databaseUrl: process.env['DATABASE_URL'] ?? '',
  authenticate:
    keys === undefined
      ? (header, organisation) => Promise.resolve(actorOf(header, organisation))
      : createAuthenticator(
          embeddedIssuer(() => copyIssuer, copyIssuer, JSON.parse(keys) as JSONWebKeySet),
          () => new Date(),
        ),
  rateLimit: { perSecond: 1e6, burst: 1e6 },
});
await service.app.listen({ host: '127.0.0.1', port: 0 });
console.log(`http://127.0.0.1:${(service.app.server.address() as AddressInfo).port}`);

function actorOf(header: string | undefined, organisation: string): Actor {
  const userId = /^Bearer (gp-\d+)$/.exec(header ?? '')?.[1];
  if (userId === undefined) return systemActor(organisation);
  return {
    userId,
    practitionerId: userId,
    name: `Dr ${userId}`,
    organisation,
    role: 'gp',
    activities: activitiesOf('gp'),
    authenticatedAt: new Date().toISOString(),
  };
}
