/** Who came and went at this computer is in the audit, and the inactivity lock is as short as anybody asks. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { runService, startDesktop } from '../../../../support/desktop-session.ts';
import type { SessionOptions } from '../../../../../main/services/session/session-service.ts';
import type { Desktop, RunningService } from '../../../../support/desktop-session.ts';

const passphrase = 'correct horse battery';
const minute = 60_000;

let service: RunningService;
const desktops: Desktop[] = [];

beforeAll(async () => {
  service = await runService();
});
afterAll(() => service.close());
afterEach(async () => {
  for (const desktop of desktops.splice(0)) await desktop.dispose();
});

async function enrolled(given: Partial<SessionOptions> = {}): Promise<Desktop> {
  const desktop = await startDesktop(given);
  desktops.push(desktop);
  const { handlers } = desktop.session;
  await handlers['session.configure']({ serviceUrl: service.url });
  await handlers['session.sign-in'](undefined);
  const set = await handlers['session.set-passphrase']({ passphrase });
  expect(set).toMatchObject({ ok: true, value: { phase: 'unlocked' } });
  return desktop;
}

const unlock = (desktop: Desktop, secret: string) =>
  desktop.session.handlers['session.unlock']({
    userId: 'demo-gp',
    organisation: 'A99999',
    secret: { kind: 'passphrase', passphrase: secret },
  });

describe('the audit of this computer', () => {
  it('has each unlock, lock, wrong passphrase and sign-out, with who, in which role, and in their order', async () => {
    const desktop = await enrolled();
    await desktop.session.lock();
    await unlock(desktop, 'wrong horse battery');
    await unlock(desktop, passphrase);
    await desktop.session.handlers['session.sign-out'](undefined);
    await unlock(desktop, passphrase);
    const events = (await desktop.session.bagAtWork()?.audit.peek(100)) ?? [];
    expect(events.map(({ action }) => action)).toEqual([
      'unlock',
      'lock',
      'unlock-failed',
      'unlock',
      'sign-out',
      'unlock',
    ]);
    expect(events.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(new Set(events.map(({ userId, role }) => `${userId} ${role}`))).toEqual(new Set(['demo-gp gp']));
    expect(JSON.stringify(events)).not.toContain('horse');
  });
});

describe('the inactivity lock', () => {
  it.each([
    ['a person asks for less than the practice', 3, 2],
    ['the practice asks for less than a person', 30, 9],
  ])('%s: the shorter time counts, with its warning a minute before', async (_case, minutes, warnedAfter) => {
    const desktop = await enrolled({ inactivityLockMinutes: () => minutes });
    const warnings: number[] = [];
    desktop.session.listen({
      changed: () => undefined,
      bag: () => undefined,
      lockWarning: (seconds) => warnings.push(seconds),
    });
    desktop.clock.pass(warnedAfter * minute - 1_000);
    expect(warnings).toEqual([]);
    desktop.clock.pass(1_000);
    expect(warnings).toEqual([60]);
    expect(desktop.session.state().phase).toBe('unlocked');
    desktop.clock.pass(minute);
    await expect.poll(() => desktop.session.state().phase).toBe('locked');
  });
});
