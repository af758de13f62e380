/** A save is its author's to take back until it is sent, and for fifteen minutes at most (clinical.md, Consultation). */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { GroupId } from '../../../../../domain/identifiers.ts';
import { SaveService } from '../../../../../main/services/save/save-service.ts';
import type { OpenBag } from '../../../../../main/services/session/open-bag.ts';
import { runService, startDesktop } from '../../../../support/desktop-session.ts';
import type { Desktop, RunningService } from '../../../../support/desktop-session.ts';

let service: RunningService;
let desktop: Desktop;
let bag: OpenBag;
let saves: SaveService;

beforeAll(async () => {
  service = await runService();
  desktop = await startDesktop();
  const { handlers } = desktop.session;
  await handlers['session.configure']({ serviceUrl: service.url });
  await handlers['session.sign-in'](undefined);
  await handlers['session.set-passphrase']({ passphrase: 'correct horse battery' });
  const opened = desktop.session.bagAtWork();
  if (opened === null) throw new Error('the bag is not open');
  bag = opened;
  saves = new SaveService({
    bag: () => {
      const signer = bag.signer();
      return signer === null ? null : { journal: bag.journal, signer };
    },
    wallMs: () => desktop.clock.wallMs(),
    monotonicMs: () => desktop.clock.monotonicMs(),
    lastServiceTime: () => undefined,
    seen: () => undefined,
    newId: randomUUID,
  });
});
afterAll(async () => {
  await desktop.dispose();
  await service.close();
});

async function saved(): Promise<GroupId> {
  const id = randomUUID();
  const groupId = randomUUID();
  const answer = await saves.saveRequest({
    groupId,
    patientId: id,
    bannerPatientId: id,
    changes: [
      {
        kind: 'append',
        resource: `Observation/${id}`,
        after: JSON.stringify({
          resourceType: 'Observation',
          id,
          status: 'final',
          code: { text: 'Pulse' },
          subject: { reference: `Patient/${id}` },
        }),
      },
    ],
  });
  expect(answer).toMatchObject({ ok: true });
  return groupId as GroupId;
}

it('fifteen minutes after it was saved, and no longer', async () => {
  // By the journal's own time of saving, from which the age is counted.
  const savedAt = (groupId: GroupId) => Date.parse(bag.journal.group(groupId)[0]?.savedAt ?? '');
  const inTime = await saved();
  desktop.clock.setWall(savedAt(inTime) + 15 * 60_000);
  expect(await saves.undo(inTime)).toMatchObject({ ok: true });
  const late = await saved();
  desktop.clock.setWall(savedAt(late) + 15 * 60_000 + 1_000);
  expect(await saves.undo(late)).toMatchObject({ ok: false, error: { code: 'too-late' } });
  expect(bag.journal.group(late)).toHaveLength(1);
});
