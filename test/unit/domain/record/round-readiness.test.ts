import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  leaseForRound,
  roundVerdict,
  type CarriedCopy,
  type RoundFacts,
} from '../../../../domain/record/round-readiness.ts';

const now = '2026-12-01T10:45:00Z';

/** All is here, and known to be. */
const good: RoundFacts = {
  now,
  day: '2026-12-01',
  lease: { until: '2026-12-14T09:00:00Z', expired: false },
  sync: { connection: 'connected', inStep: true, offlineSince: null, unsent: 0, loading: null },
  dataAsOf: '2026-12-01T10:42:00Z',
  list: { isHere: true, bookingsToCome: 0 },
  copies: ['whole', 'whole'],
  gone: 0,
  keptFrom: null,
  visitsLeftOut: 0,
  unreadableDocuments: 0,
  unsignedNotes: 0,
  toDecide: 0,
};

const verdictOf = (change: Partial<RoundFacts>) => roundVerdict({ ...good, ...change });
const sync = (change: Partial<NonNullable<RoundFacts['sync']>>) => ({
  sync: {
    connection: 'connected',
    inStep: true,
    offlineSince: null,
    unsent: 0,
    loading: null,
    ...change,
  } as const,
});

describe('ready to leave', () => {
  it('is said in words, with how many and of what time', () => {
    expect(roundVerdict(good)).toEqual({
      state: 'ready',
      headline: 'Ready to leave: all 2 records are here, in step at 10:42',
      wanting: [],
      cautions: [],
    });
    expect(verdictOf({ copies: ['new'] }).headline).toBe(
      'Ready to leave: the record is here, in step at 10:42',
    );
  });

  it('nobody picked is neither ready nor an error', () => {
    expect(verdictOf({ copies: [] })).toMatchObject({
      state: 'nobody',
      headline: 'Nobody is on this round yet',
    });
  });

  it.each<[string, Partial<RoundFacts>, string]>([
    ['a record to come', { copies: ['whole', 'to-come', 'to-come'] }, '2 records still to come'],
    ['a record that cannot be read', { copies: ['unreadable'] }, '1 record cannot be read'],
    ['an older copy', { copies: ['older'] }, '1 record is an older copy'],
    ['somebody not here', { copies: ['not-here'] }, '1 patient is not on this computer any more'],
    ['somebody gone', { gone: 1 }, '1 patient is not on this computer any more'],
    ['everybody gone', { copies: [], gone: 2 }, '2 patients are not on this computer any more'],
    ['a record not looked at', { copies: ['whole', 'checking'] }, '1 record not checked yet'],
    ['who was picked not known', { copies: null }, 'the list is still being opened'],
    ['the book not known', { list: null }, 'what is on this computer is not known yet'],
    [
      'no list of patients',
      { list: { isHere: false, bookingsToCome: 0 } },
      'the practice’s list of patients is not here',
    ],
    ['bookings to come', { list: { isHere: true, bookingsToCome: 1 } }, '1 booking of the day still to come'],
    ['no lease known', { lease: null }, 'how long this bag opens offline is not known'],
    [
      'a lease that ended',
      { lease: { until: '2026-12-14T09:00:00Z', expired: true } },
      'this bag does not open offline any more',
    ],
    [
      'a lease past its end by the clock alone',
      { lease: { until: '2026-12-01T10:44:00Z', expired: false } },
      'this bag does not open offline any more',
    ],
    [
      'a lease that ends on the day',
      { lease: { until: '2026-12-01T18:00:00Z', expired: false } },
      'this bag opens offline only until 01-Dec-2026 18:00',
    ],
    [
      'a lease that ends before the day of a later round',
      { day: '2026-12-16', lease: { until: '2026-12-14T09:00:00Z', expired: false } },
      'this bag opens offline only until 14-Dec-2026 09:00',
    ],
    ['the connection not known', { sync: null }, 'the connection is not known yet'],
    ['connecting', sync({ connection: 'connecting', inStep: false }), 'connecting to the record service'],
    [
      'offline',
      sync({ connection: 'offline', inStep: false, offlineSince: '2026-12-01T08:45:00Z' }),
      'offline since 08:45',
    ],
    [
      'offline since the evening before',
      sync({ connection: 'offline', inStep: false, offlineSince: '2026-11-30T23:22:00Z' }),
      'offline since 30-Nov-2026 23:22',
    ],
    [
      'signed out online',
      sync({ connection: 'sign-in-needed', inStep: false }),
      'your online sign-in has ended',
    ],
    [
      'too old a build',
      sync({ connection: 'upgrade-needed', inStep: false }),
      'the record service needs a newer Gladstone',
    ],
    ['unsent work', sync({ unsent: 3, inStep: false }), '3 changes not sent'],
    [
      'records still loading',
      sync({ inStep: false, loading: { toCome: 410, paused: false } }),
      '410 records of the practice still arriving',
    ],
    ['out of step for no reason told', sync({ inStep: false }), 'still catching up with the record service'],
    ['no time of the data', { dataAsOf: null }, 'the time of the data is not known'],
  ])('never with %s', (_what, change, brief) => {
    const verdict = verdictOf(change);
    expect(verdict.state).toBe('not-ready');
    expect(verdict.headline).toBe(`Not ready: ${brief}`);
    expect(verdict.wanting.map((one) => one.brief)).toEqual([brief]);
  });

  it('names the two gravest in the headline and counts the others', () => {
    const { headline, wanting } = verdictOf({
      copies: ['to-come'],
      lease: null,
      ...sync({ connection: 'offline', inStep: false, unsent: 1 }),
    });
    expect(headline).toBe(
      'Not ready: 1 record still to come, how long this bag opens offline is not known and 2 more',
    );
    expect(wanting).toHaveLength(4);
  });

  it('warns without holding back: a lease of less than 48 hours, a visit left out, documents, drafts, decisions', () => {
    const { state, cautions } = verdictOf({
      lease: { until: '2026-12-02T09:00:00Z', expired: false },
      keptFrom: '2026-11-30',
      visitsLeftOut: 1,
      unreadableDocuments: 2,
      unsignedNotes: 1,
      toDecide: 1,
    });
    expect(state).toBe('ready');
    expect(cautions.map(({ brief }) => brief)).toEqual([
      'this bag opens offline only until 02-Dec-2026 09:00',
      'this round was put together for Mon 30-Nov-2026',
      '1 home visit booked with you is not on this round',
      '2 documents cannot be read on the way',
      '1 note of yours is begun and not signed',
      '1 decision waits for you',
    ]);
    expect(verdictOf({ day: '2026-12-02' }).cautions[0]?.brief).toBe('the round is on Wed 02-Dec-2026');
  });

  it('counts the day in England: a lease until half past midnight of summer time ends on the next day there', () => {
    const lease = { until: '2026-07-01T23:30:00Z', expired: false };
    expect(leaseForRound({ lease, now: '2026-07-01T08:00:00Z', day: '2026-07-01' })).toBe('soon');
    expect(leaseForRound({ lease, now: '2026-07-01T08:00:00Z', day: '2026-07-02' })).toBe('within');
  });
});

const copies = fc.array(
  fc.constantFrom<CarriedCopy>('whole', 'new', 'checking', 'to-come', 'older', 'unreadable', 'not-here'),
  { maxLength: 5 },
);
const anyFacts: fc.Arbitrary<RoundFacts> = fc.record({
  now: fc.constant(now),
  day: fc.constantFrom('2026-12-01', '2026-12-05'),
  lease: fc.option(
    fc.record({
      until: fc.constantFrom('2026-11-30T10:00:00Z', '2026-12-01T20:00:00Z', '2026-12-14T09:00:00Z', 'never'),
      expired: fc.boolean(),
    }),
  ),
  sync: fc.option(
    fc.record({
      connection: fc.constantFrom('connecting', 'connected', 'offline', 'sign-in-needed', 'upgrade-needed'),
      inStep: fc.boolean(),
      offlineSince: fc.option(fc.constant(now)),
      unsent: fc.nat({ max: 2 }),
      loading: fc.option(fc.record({ toCome: fc.nat({ max: 9 }), paused: fc.boolean() })),
    }),
  ),
  dataAsOf: fc.option(fc.constant(now)),
  list: fc.option(fc.record({ isHere: fc.boolean(), bookingsToCome: fc.nat({ max: 2 }) })),
  copies: fc.option(copies),
  gone: fc.nat({ max: 1 }),
  keptFrom: fc.option(fc.constant('2026-11-30')),
  visitsLeftOut: fc.nat({ max: 2 }),
  unreadableDocuments: fc.nat({ max: 2 }),
  unsignedNotes: fc.nat({ max: 2 }),
  toDecide: fc.nat({ max: 2 }),
});

/** A good bag in which a few things are as chance has them: so that one fault alone is met often. */
const facts = fc
  .tuple(anyFacts, fc.subarray(Object.keys(good) as (keyof RoundFacts)[], { maxLength: 3 }))
  .map(([chance, changed]): RoundFacts => ({
    ...good,
    ...Object.fromEntries(changed.map((name) => [name, chance[name]])),
  }));

/** Said another way than the rule does: everything known, and nothing wanting. */
function isReady({ lease, sync: step, dataAsOf, list, copies: picked, gone, day }: RoundFacts): boolean {
  return (
    picked !== null &&
    picked.length > 0 &&
    picked.every((copy) => copy === 'whole' || copy === 'new') &&
    gone === 0 &&
    list?.isHere === true &&
    list.bookingsToCome === 0 &&
    lease?.expired === false &&
    lease.until.startsWith('2026') &&
    lease.until.slice(0, 10) > day &&
    step?.connection === 'connected' &&
    step.inStep &&
    step.unsent === 0 &&
    step.loading === null &&
    dataAsOf !== null
  );
}

describe('properties', () => {
  it('ready if and only if everything is known and nothing is wanting', () => {
    fc.assert(
      fc.property(facts, (one) => {
        const { state, headline, wanting } = roundVerdict(one);
        expect(state === 'ready').toBe(isReady(one));
        expect(headline.startsWith('Ready')).toBe(state === 'ready');
        if (state === 'ready') expect(wanting).toEqual([]);
        if (state === 'not-ready') expect(wanting.length).toBeGreaterThan(0);
      }),
      { numRuns: 3_000 },
    );
  });
});
