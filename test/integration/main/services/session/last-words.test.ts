/** The system locks its screen: what was typed last is kept first, and a page that does not answer holds nothing up. */
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { lastWords, lastWordsMs } from '../../../../../main/services/session/last-words.ts';
import { runService, startDesktop } from '../../../../support/desktop-session.ts';
import type { Desktop, RunningService } from '../../../../support/desktop-session.ts';

let service: RunningService;
const desktops: Desktop[] = [];

beforeAll(async () => {
  service = await runService();
});
afterAll(() => service.close());
afterEach(async () => {
  for (const desktop of desktops.splice(0)) await desktop.dispose();
});

async function atWork(): Promise<Desktop> {
  const desktop = await startDesktop();
  desktops.push(desktop);
  const { handlers } = desktop.session;
  await handlers['session.configure']({ serviceUrl: service.url });
  await handlers['session.sign-in'](undefined);
  await handlers['session.set-passphrase']({ passphrase: 'correct horse battery' });
  return desktop;
}

function asking({ session, clock }: Desktop, ask: () => void): Promise<void> {
  return lastWords({
    state: () => session.state(),
    listen: (changed) => session.listen({ changed, lockWarning: () => undefined, bag: () => undefined }),
    clock,
    ask,
  });
}

describe('the last words before the system locks', () => {
  it('are waited for: the page keeps them and locks', async () => {
    const desktop = await atWork();
    const { journal } = desktop.session.bagAtWork() ?? {};
    const at = '2026-11-22T10:00:00.000Z';
    const draft = { draftId: 'd', kind: 'consultation' as const, startedAt: at, changedAt: at };
    const { userId } = desktop.session.bagAtWork()?.user ?? {};
    await asking(desktop, () => {
      void (async () => {
        await journal?.putDraft({ ...draft, content: 'the last words' }, userId as never);
        await desktop.session.handlers['session.lock'](undefined);
      })();
    });
    expect(desktop.session.state().phase).toBe('locked');
    expect(journal?.drafts().map((one) => one.draft.content)).toEqual(['the last words']);
  });

  it('are waited for half a second at most, and not at all where nobody is at work', async () => {
    const desktop = await atWork();
    const settled = vi.fn();
    const waiting = asking(desktop, () => undefined).then(settled);
    desktop.clock.pass(lastWordsMs - 1);
    await Promise.resolve();
    expect(settled).not.toHaveBeenCalled();
    desktop.clock.pass(1);
    await waiting;
    await desktop.session.lock();
    const ask = vi.fn();
    await asking(desktop, ask);
    expect(ask).not.toHaveBeenCalled();
  });
});
