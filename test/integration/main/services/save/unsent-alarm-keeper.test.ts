import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { resourceKey } from '../../../../../domain/identifiers.ts';
import { UnsentAlarmKeeper } from '../../../../../main/services/save/unsent-alarm-keeper.ts';
import { groupOf } from '../../../../../tools/torture/journal-keys.ts';
import { HandClock } from '../../../../support/hand-clock.ts';
import { JournalOnFiles, now } from '../../../../support/journal-on-files.ts';
import type { UnsentAlarm } from '../../../../../contract/channels/alarm.ts';
import type { Journal } from '../../../../../main/services/journal/journal.ts';

async function saveUrgentTask(on: JournalOnFiles, journal: Journal, userId = 'user-nurse'): Promise<string> {
  const group = groupOf(on.workers.signer(on.deviceId, userId, 'nurse'), 'patient', 'x');
  const id = randomUUID();
  const operations = group.operations.map((operation) => ({
    ...operation,
    kind: 'create' as const,
    resource: resourceKey('Task', id),
    after: { resourceType: 'Task', id, status: 'requested', priority: 'urgent' },
  }));
  expect((await journal.saveGroup({ ...group, operations })).ok).toBe(true);
  return group.groupId;
}

function keeperOf(journal: Journal, isConnected: () => boolean) {
  const clock = new HandClock();
  const told: UnsentAlarm[][] = [];
  const keeper = new UnsentAlarmKeeper({
    journal,
    clock,
    isConnected,
    changed: (alarms) => {
      told.push(alarms);
    },
  });
  return { keeper, clock, told };
}

describe('NOT SENT', () => {
  it('is there again after a restart, for whoever unlocks, until somebody has phoned; and that holds too', async () => {
    const on = new JournalOnFiles();
    const first = await on.open('nurse', 'user-nurse');
    const groupId = await saveUrgentTask(on, first.journal);
    await first.journal.close();

    const again = await on.open('gp');
    const { keeper } = keeperOf(again.journal, () => true);
    expect(keeper.list()).toMatchObject([{ groupId, kind: 'urgent-task', patientId: 'patient' }]);
    const gp = { userId: 'user-gp', name: 'Dr Okafor' };
    const spokenTo = 'Nurse Bell, duty desk';
    expect(await keeper.acknowledge(groupId, gp, spokenTo)).toMatchObject({
      ok: true,
      value: [{ groupId, phoned: { by: 'Dr Okafor', spokenTo } }],
    });
    expect(await keeper.acknowledge(randomUUID(), gp, spokenTo)).toMatchObject({ ok: false });
    expect(again.journal.counts().unsentOperations).toBe(1);
    keeper.close();
    await again.journal.close();

    const later = await on.open('nurse', 'user-nurse');
    const kept = keeperOf(later.journal, () => false).keeper;
    expect(kept.list()).toMatchObject([{ phoned: { by: 'Dr Okafor', spokenTo } }]);
    // Pressed by mistake: it alarms again, and there is nothing more to take back.
    expect(await kept.revoke(groupId, 'user-nurse')).toMatchObject({ ok: true, value: [{ groupId }] });
    expect(kept.list()[0]?.phoned).toBeUndefined();
    expect(await kept.revoke(groupId, 'user-nurse')).toMatchObject({ ok: false });
  });

  it('alarms anew when the service refuses what somebody had phoned about', async () => {
    const on = new JournalOnFiles();
    const { journal } = await on.open('nurse', 'user-nurse');
    const { keeper } = keeperOf(journal, () => false);
    const groupId = await saveUrgentTask(on, journal);
    const gp = { userId: 'user-gp', name: 'Dr Okafor' };
    await keeper.acknowledge(groupId, gp, 'the duty doctor');
    const opId = journal.operations()[0]?.signed.operation.opId ?? ('' as never);
    const message = 'not valid';
    await journal.recordOutcomes([
      {
        outcome: { opId, outcome: 'rejected', code: 'invalid-resource', message },
        epoch: 'e',
        durable: true,
        at: now,
      },
    ]);
    expect(keeper.list()).toMatchObject([{ groupId, state: 'refused' }]);
    expect(keeper.list()[0]?.phoned).toBeUndefined();
    await keeper.acknowledge(groupId, gp, 'the duty doctor again');
    expect(keeper.list()[0]?.phoned?.spokenTo).toBe('the duty doctor again');
  });

  it('comes at once offline, and ends when the service has it', async () => {
    const on = new JournalOnFiles();
    const { journal } = await on.open('nurse', 'user-nurse');
    const { told } = keeperOf(journal, () => false);
    const groupId = await saveUrgentTask(on, journal);
    expect(told).toMatchObject([[{ groupId }]]);
    const opId = journal.operations()[0]?.signed.operation.opId ?? ('' as never);
    await journal.recordOutcomes([
      { outcome: { opId, outcome: 'applied', version: 1 }, epoch: 'e', position: 1, durable: true, at: now },
    ]);
    expect(told).toMatchObject([[{ groupId }], []]);
  });

  it('gives a save made while connected ten seconds, and none once the connection is gone', async () => {
    const on = new JournalOnFiles();
    const { journal } = await on.open('nurse', 'user-nurse');
    let connected = true;
    const { keeper, clock, told } = keeperOf(journal, () => connected);
    await saveUrgentTask(on, journal);
    expect(told).toEqual([]);
    clock.pass(10_000);
    expect(told).toHaveLength(1);
    await saveUrgentTask(on, journal);
    expect(keeper.list()).toHaveLength(1);
    connected = false;
    keeper.refresh();
    expect(told.at(-1)).toHaveLength(2);
  });
});
