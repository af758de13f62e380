import { describe, expect, it } from 'vitest';
import type { ResourceJson } from '../../../../../domain/sync/operation.ts';
import { withoutServiceMeta } from '../../../../../domain/sync/element-diff.ts';
import { failure, success } from '../../../../../domain/result.ts';
import type { DeviceModel } from '../../../../../tools/fuzz/device-model.ts';
import { World } from '../../../../../tools/fuzz/world.ts';

/** A practice of the fuzzer: the real engine on virtual time, over a service and lines in memory. */
async function practice(devices = 2): Promise<{
  readonly world: World;
  readonly one: DeviceModel;
  readonly two: DeviceModel;
  readonly rest: () => Promise<void>;
}> {
  const world = new World({ devices, seed: 5, events: [] }, null);
  await world.play([], () => undefined);
  const [one, two] = world.devices;
  if (one === undefined || two === undefined) throw new Error('two computers');
  return { world, one, two, rest: () => world.rest() };
}

const allergy = 'AllergyIntolerance/a-p0';

function noted(device: DeviceModel, key: string, text: string): ResourceJson {
  const { standing } = device.shown(key);
  if (standing === null) throw new Error(`${key} is not on the screen`);
  return { ...(withoutServiceMeta(standing) as ResourceJson), note: [{ text }] };
}

async function save(
  world: World,
  device: DeviceModel,
  changes: Parameters<DeviceModel['save']>[1],
): Promise<void> {
  await world.time.during(device.save('p0', changes));
}

/** Both change the same allergy without knowing of each other; the second arrives as a conflict. */
async function conflicting(): Promise<Awaited<ReturnType<typeof practice>>> {
  const all = await practice();
  const { world, one, two } = all;
  one.link.mood = 'offline';
  await save(world, one, [{ kind: 'amend', after: noted(one, allergy, 'mine') }]);
  await save(world, two, [{ kind: 'amend', after: noted(two, allergy, 'theirs') }]);
  await world.time.pass(1_000);
  await all.rest();
  return all;
}

const noteOf = (resource: string | null | undefined): unknown =>
  (JSON.parse(resource ?? '{}') as { readonly note?: readonly { readonly text: string }[] }).note?.[0]?.text;

describe('the engine', () => {
  it('L17 L13: a choice between two versions shows both, is for one entry, and can be taken back', async () => {
    const { world, one, rest } = await conflicting();
    const [item] = one.engine.attention();
    expect(item?.kind).toBe('conflict');
    expect(noteOf(item?.mine?.resource)).toBe('mine');
    expect(noteOf(item?.theirs?.resource)).toBe('theirs');
    expect(item?.differences.length).toBeGreaterThan(0);
    expect(one.shown(allergy).disputed).toHaveLength(1);

    const resolved = await world.time.during(one.engine.resolve(item?.itemId ?? '', 'keep-mine'));
    expect(resolved.ok).toBe(true);
    await rest();
    expect(noteOf(world.service.standing(allergy)?.content)).toBe('mine');
    expect(world.service.openConflicts).toHaveLength(0);
    expect(one.engine.attention().map((left) => left.chosen?.choice)).toEqual(['keep-mine']);

    const undone = await world.time.during(one.engine.undoResolve(item?.itemId ?? ''));
    expect(undone.ok).toBe(true);
    await rest();
    expect(noteOf(world.service.standing(allergy)?.content)).toBe('theirs');
    // Every version is still there: the first, theirs, the chosen one and the one put back.
    expect(world.service.versions.get(allergy)?.map((version) => noteOf(version.content))).toEqual([
      undefined,
      'theirs',
      'mine',
      'theirs',
    ]);
  });

  it('I16: after a cold start without network a save still says what its author had seen', async () => {
    const { world, one, rest } = await practice();
    await rest();
    const before = one.engine.seen;
    expect(before).not.toBeNull();
    one.link.mood = 'offline';
    one.kill();
    await world.time.pass(1_000);
    expect(one.engine.seen).toEqual(before);
  });

  it('L12: an edit of what was deleted meanwhile comes before a person with both versions; nothing rises again', async () => {
    const { world, one, rest } = await practice();
    one.link.mood = 'offline';
    await save(world, one, [{ kind: 'amend', after: noted(one, allergy, 'mine') }]);
    world.service.remove(allergy, 'service');
    await rest();
    expect(world.service.standing(allergy)?.deleted).toBe(true);
    const [item] = one.engine.attention();
    expect(noteOf(item?.mine?.resource)).toBe('mine');
    expect(item?.choices).toContain('restore');
  });

  it('L12: what a person decides about a deleted entry reaches the service, and the practice’s list is empty', async () => {
    for (const choice of ['restore', 'keep-theirs'] as const) {
      const { world, one, two, rest } = await practice();
      one.link.mood = 'offline';
      await save(world, one, [{ kind: 'amend', after: noted(one, allergy, 'mine') }]);
      world.service.remove(allergy, 'service');
      await rest();
      const itemId = one.engine.attention()[0]?.itemId ?? '';
      expect(world.service.openConflicts).toHaveLength(1);
      expect(await world.time.during(one.engine.resolve(itemId, choice))).toMatchObject({ ok: true });
      await rest();
      expect(world.service.openConflicts).toEqual([]);
      expect(world.service.standing(allergy)?.deleted).toBe(choice === 'keep-theirs');
      expect(noteOf(world.service.standing(allergy)?.content)).toBe(
        choice === 'restore' ? 'mine' : undefined,
      );
      expect(one.engine.attention().filter(({ chosen }) => chosen === undefined)).toEqual([]);
      expect(two.shown(allergy).standing === null).toBe(choice === 'keep-theirs');
    }
  });

  it('a conflict that is born while the list of conflicts is asked for stays before its author, and in the overlay', async () => {
    const { world, one, two } = await practice();
    await world.rest();
    const ask = one.link.conflicts;
    const held = Promise.withResolvers<undefined>();
    const asked = Promise.withResolvers<undefined>();
    one.link.conflicts = async () => {
      const answer = await ask();
      asked.resolve(undefined);
      await held.promise;
      return answer;
    };
    const round = one.engine.now();
    await world.time.during(asked.promise);
    await save(world, two, [{ kind: 'amend', after: noted(two, allergy, 'theirs') }]);
    await world.time.pass(1_000);
    await save(world, one, [{ kind: 'amend', after: noted(one, allergy, 'mine') }]);
    await world.time.pass(1_000);
    expect(world.service.openConflicts).toHaveLength(1);
    held.resolve(undefined);
    await world.time.during(round);
    expect(one.engine.attention().map(({ kind }) => kind)).toEqual(['conflict']);
    expect(one.shown(allergy).disputed).toHaveLength(1);
    one.link.conflicts = ask;
    await world.rest();
    expect(one.engine.attention().map(({ kind }) => kind)).toEqual(['conflict']);
    expect(one.shown(allergy).disputed).toHaveLength(1);
  });

  it('a conflict that the person at work may not see, or that is beyond what one answer tells, is not taken for settled', async () => {
    const { world, one, rest } = await conflicting();
    const ask = one.link.conflicts;
    one.link.conflicts = async () => {
      const answer = await ask();
      return answer.ok ? success({ ...answer.value, conflicts: [] }) : answer;
    };
    await world.time.during(one.engine.now());
    expect(one.engine.attention().map(({ kind }) => kind)).toEqual(['conflict']);
    expect(one.shown(allergy).disputed).toHaveLength(1);
    // Settled by somebody: it is open no more.
    one.link.conflicts = () => Promise.resolve(success({ conflicts: [], open: [] }));
    await world.time.during(one.engine.now());
    await rest();
    expect(one.shown(allergy).disputed).toEqual([]);
  });

  it('"Keep mine" of demographics keeps what its author changed and nothing else; both versions stay retrievable', async () => {
    for (const offline of [false, true]) {
      const { world, one, two, rest } = await practice();
      const key = 'Patient/p0';
      const changed = (device: DeviceModel, elements: object): ResourceJson => ({
        ...(withoutServiceMeta(device.shown(key).standing) as ResourceJson),
        ...elements,
      });
      one.link.mood = 'offline';
      const mine = changed(one, { telecom: [{ system: 'phone', value: '3' }] });
      await save(world, one, [{ kind: 'amend', after: mine }]);
      const theirs = changed(two, {
        telecom: [
          { system: 'phone', value: '2' },
          { system: 'email', value: 'p0@example.org' },
        ],
        address: [{ use: 'home', line: ['2 New Street'] }],
      });
      await save(world, two, [{ kind: 'amend', after: theirs }]);
      await world.time.pass(1_000);
      await rest();
      const [item] = one.engine.attention();
      // What is said to differ is what the choice would change.
      expect(item?.differences.map(({ path }) => path).filter((path) => path.startsWith('address'))).toEqual(
        [],
      );
      if (offline) {
        // By the answer to the push alone, after a start without network.
        one.link.mood = 'offline';
        one.kill();
        await world.time.pass(1_000);
      }
      const itemId = item?.itemId ?? '';
      expect(await world.time.during(one.engine.resolve(itemId, 'keep-mine'))).toMatchObject({ ok: true });
      await rest();
      const standing = JSON.parse(world.service.standing(key)?.content ?? '{}') as Record<string, unknown>;
      expect(standing['address']).toEqual(theirs['address']);
      expect(standing['telecom']).toEqual(
        expect.arrayContaining([
          { system: 'phone', value: '3' },
          { system: 'email', value: 'p0@example.org' },
        ]),
      );
      expect(standing['telecom']).toHaveLength(2);
      expect(world.service.openConflicts).toEqual([]);
      const kept = [...world.service.ledger.values()].map(({ signed }) => signed.operation.after);
      expect(kept).toEqual(expect.arrayContaining([mine, theirs]));
    }
  });

  it('Q5: what was made and voided offline is sent in order and settles; nothing is tried for ever', async () => {
    const { world, one, rest } = await practice();
    one.link.mood = 'offline';
    const after = {
      resourceType: 'Observation',
      id: 'short-lived',
      status: 'final',
      subject: { reference: 'Patient/p0' },
    };
    await save(world, one, [{ kind: 'append', after }]);
    await save(world, one, [{ kind: 'void', after: { ...after, status: 'entered-in-error' } }]);
    await rest();
    expect(one.engine.status()).toMatchObject({ inStep: true, attention: 0, pending: { operations: 0 } });
    expect(world.service.standing('Observation/short-lived')?.content).toContain('entered-in-error');
  });

  it('Q4 L28: unreadable work waits for a person while other patients drain; a skip lets the lane go on', async () => {
    const { world, one, rest } = await practice();
    const observation = (id: string): ResourceJson => ({
      resourceType: 'Observation',
      id,
      status: 'final',
      subject: { reference: 'Patient/p0' },
    });
    one.link.mood = 'offline';
    await save(world, one, [{ kind: 'append', after: observation('unreadable') }]);
    for (const opId of world.oracle.operations.keys()) world.service.unreadable.add(opId);
    await save(world, one, [{ kind: 'append', after: observation('behind') }]);
    await rest();
    const [item] = one.engine.attention();
    expect(item).toMatchObject({ kind: 'stuck', choices: ['retry', 'skip'] });
    expect(await world.time.during(one.engine.resolve(item?.itemId ?? '', 'skip'))).toMatchObject({
      ok: false,
      error: { code: 'reason-needed', lost: 'nothing' },
    });
    await world.time.during(one.engine.resolve(item?.itemId ?? '', 'skip', 'typed twice'));
    await rest();
    expect(world.service.standing('Observation/behind')).toBeDefined();
    expect(one.engine.status()).toMatchObject({ inStep: true, pending: { operations: 0 } });
  });

  it('Q12: a cursor that is refused again and again leads to one resync a pause, not to a loop', async () => {
    const { world, one } = await practice();
    let asked = 0;
    one.link.changes = () => {
      asked += 1;
      return Promise.resolve(failure({ kind: 'status', status: 410, code: 'resync' }));
    };
    world.service.setScope('p2', false);
    await world.time.during(one.engine.now());
    await world.time.pass(60_000);
    expect(asked).toBeGreaterThan(0);
    expect(asked).toBeLessThan(30);
    expect(one.cacheImage.cursor).toEqual({ epoch: world.service.epoch, position: world.service.head });
    expect(one.cacheImage.packs.has('p2')).toBe(false);
  });

  it('Q9: a portal that answers 200 with a page is offline, with words', async () => {
    const { world, one } = await practice();
    one.link.mood = 'portal';
    await world.time.during(one.engine.now());
    const status = one.engine.status();
    expect(status.connection).toBe('offline');
    expect(status.connectionDetail).toMatch(/page of its own/);
    expect(status.inStep).toBe(false);
  });

  it('Q3: work that waits for half an hour while connected raises a notice, though nothing failed', async () => {
    const { world, one } = await practice();
    one.link.push = () => Promise.resolve(failure({ kind: 'status', status: 500 }));
    await save(world, one, [{ kind: 'amend', after: noted(one, allergy, 'mine') }]);
    one.engine.status();
    await world.time.pass(31 * 60_000);
    expect(one.engine.status().notices.map((notice) => notice.code)).toContain('long-wait');
  });

  it('L21 L20: another person, a lock and an ended session drop nothing; any session carries it later', async () => {
    const { world, one, rest } = await practice();
    one.link.signedIn = false;
    await save(world, one, [{ kind: 'amend', after: noted(one, allergy, 'mine') }]);
    one.lock();
    one.unlock(1);
    await rest();
    expect(noteOf(world.service.standing(allergy)?.content)).toBe('mine');
    const [entry] = [...world.service.ledger.values()];
    expect(entry?.signed.operation.author.userId).toBe('user-0');
    expect(entry?.carriedBy).toBe('user-1');
  });
});
