import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { buildService } from '../../record-service/build-service.ts';
import { DEMONSTRATION_PASSWORD } from '../../record-service/identity/demonstration-accounts.ts';
import { SessionService } from '../../main/services/session/session-service.ts';
import { nodeFiles } from '../../main/services/storage/node-files.ts';
import { HandClock } from './hand-clock.ts';
import { visitor } from './sign-in-visitor.ts';
import type { Service } from '../../record-service/build-service.ts';
import type { SessionOptions } from '../../main/services/session/session-service.ts';
import type { Keystore } from '../../main/services/vault/keystore.ts';

/** A keystore in memory, real as far as anybody can tell from outside. */
export function memoryKeystore(backend = 'gnome_libsecret'): Keystore & { use(backend: string): void } {
  let current = backend;
  const flip = (bytes: Uint8Array): Uint8Array => bytes.map((byte) => byte ^ 0x5a);
  return {
    use(next) {
      current = next;
    },
    backend: () => Promise.resolve(current),
    seal: (content) => Promise.resolve(flip(content)),
    open: (sealed) => Promise.resolve(flip(sealed)),
  };
}

export interface RunningService {
  readonly service: Service;
  readonly url: string;
  close(): Promise<void>;
}

/** The record service on its embedded database, listening on loopback. */
export async function runService(): Promise<RunningService> {
  const dataFolder = mkdtempSync(join(tmpdir(), 'gladstone-service-'));
  const service = await buildService({ dataFolder, logger: pino({ level: 'silent' }) });
  const url = await service.app.listen({ host: '127.0.0.1', port: 0 });
  return {
    service,
    url,
    async close() {
      await service.close();
      rmSync(dataFolder, { recursive: true, force: true });
    },
  };
}

export interface Desktop {
  readonly profile: string;
  readonly clock: HandClock;
  readonly session: SessionService;
  /** Ends the program and starts it again on the same profile. */
  restart(): Promise<Desktop>;
  /** Who sits at the browser. */
  visitor(account: string): void;
  dispose(): Promise<void>;
}

export async function startDesktop(
  given: Partial<SessionOptions> & { readonly profile?: string; readonly handClock?: HandClock } = {},
): Promise<Desktop> {
  const profile = given.profile ?? mkdtempSync(join(tmpdir(), 'gladstone-profile-'));
  // The provider's tokens are of today: a person signs in on a computer whose clock is right.
  const clock = given.handClock ?? new HandClock(Date.now());
  let account = 'gp';
  const session = await SessionService.start({
    files: nodeFiles,
    keystore: memoryKeystore(),
    fetch: globalThis.fetch,
    build: '0.1.0',
    deviceLabel: 'Test computer',
    inactivityLockMinutes: () => 10,
    forgetCopies: () => Promise.resolve(),
    showSignIn: (url) => {
      void visitor(account, DEMONSTRATION_PASSWORD)(url);
      return Promise.resolve({ closed: new Promise<void>(() => undefined), close: () => undefined });
    },
    ...given,
    profile,
    clock,
  });
  return {
    profile,
    clock,
    session,
    visitor(next) {
      account = next;
    },
    async restart() {
      await session.close();
      return await startDesktop({ ...given, profile, handClock: clock });
    },
    async dispose() {
      await session.close();
      rmSync(profile, { recursive: true, force: true });
    },
  };
}
