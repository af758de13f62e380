import { expect, it } from 'vitest';
import { failure } from '../../../../../domain/result.ts';
import { World } from '../../../../../tools/fuzz/world.ts';

it('I13: a record that the service does not hand out holds back neither the feed nor other records', async () => {
  const world = new World({ devices: 2, seed: 5, events: [] }, null);
  await world.play([], () => undefined);
  const [one] = world.devices;
  if (one === undefined) throw new Error('a computer');
  for (const patient of ['p1', 'p2']) world.service.setScope(patient, false);
  await world.time.during(one.engine.now());
  expect([...one.cacheImage.packs.keys()]).not.toContain('p1');

  const packs = one.link.packs.bind(one.link);
  let refused = 0;
  one.link.packs = (request, take) => {
    if (!request.patients.includes('p1')) return packs(request, take);
    refused += 1;
    return Promise.resolve(failure({ kind: 'status', status: 403, code: 'outside-scope' }));
  };
  // A person opens one who is outside the booked days, when the day's number of such is used up.
  one.cache?.open('p1');
  world.service.setScope('p2', true);
  await world.time.during(one.engine.now());
  await world.time.pass(60_000);
  expect(refused).toBeGreaterThan(0);
  expect(one.engine.status().notices).toMatchObject([
    { code: 'outside-scope', message: expect.stringContaining('A record was not handed out') as string },
  ]);
  expect(one.cacheImage.cursor).toEqual({ epoch: world.service.epoch, position: world.service.head });
  expect(one.cacheImage.packs.has('p2')).toBe(true);

  const before = refused;
  await world.time.pass(600_000);
  expect(refused).toBe(before);

  // Opened again it is asked for again.
  one.cache?.open('p1');
  await world.time.pass(60_000);
  expect(refused).toBeGreaterThan(before);
});
