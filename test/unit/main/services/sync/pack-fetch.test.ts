import { describe, expect, it } from 'vitest';
import type { CacheAnswer, CacheRequest } from '../../../../../contract/cache-port.ts';
import { failure, success } from '../../../../../domain/result.ts';
import { CacheLink } from '../../../../../main/services/sync/cache-link.ts';
import { fetchPacks } from '../../../../../main/services/sync/pack-fetch.ts';
import type { RecordServicePort } from '../../../../../main/services/sync/ports.ts';

const patients = (count: number): string[] => Array.from({ length: count }, (_, index) => `p${index}`);

/** Takes every pack, or refuses all. */
function cache(answer?: CacheAnswer): CacheLink {
  return new CacheLink({
    ask: (request: CacheRequest) =>
      Promise.resolve(
        answer ?? {
          type: 'stored',
          stored: request.type === 'put-packs' ? request.packs.map(({ header }) => header.patientId) : [],
          refused: [],
        },
      ),
    onWantedNow: () => () => undefined,
  });
}

/** Answers as asked; breaks off after the pack of `until`, if it is asked for that. */
function service(until?: string): Pick<RecordServicePort, 'packs'> & { readonly asked: string[][] } {
  const asked: string[][] = [];
  return {
    asked,
    packs: async ({ patients: wanted }, receive) => {
      asked.push(wanted);
      for (const patientId of wanted) {
        const header = { patientId, validAt: 1, resources: 1, digest: '' };
        await receive({
          header: patientId === 'p3' ? { ...header, absent: true } : header,
          body: new ArrayBuffer(400_000),
        });
        if (patientId === until) return failure({ kind: 'truncated' });
      }
      return success(undefined);
    },
  };
}

describe('fetching records', () => {
  it('few patients are one request; more are dealt out in turn, so that the urgent ones come first in both', async () => {
    const few = service();
    await fetchPacks(few, cache(), { epoch: 'e', patients: patients(10), notBefore: 0 }, () => undefined);
    expect(few.asked).toEqual([patients(10)]);
    const many = service();
    const fetched = await fetchPacks(
      many,
      cache(),
      { epoch: 'e', patients: patients(60), notBefore: 0 },
      () => undefined,
    );
    expect(many.asked.map((part) => part.slice(0, 2))).toEqual([
      ['p0', 'p2'],
      ['p1', 'p3'],
    ]);
    expect([...fetched.stored].sort()).toEqual(
      patients(60)
        .filter((one) => one !== 'p3')
        .sort(),
    );
    expect(fetched).toMatchObject({ trouble: null, error: null, storedBytes: 59 * 400_000 });
  });

  it('an answer that breaks off loses nothing of what came, on neither request', async () => {
    const absent: string[] = [];
    const fetched = await fetchPacks(
      service('p10'),
      cache(),
      { epoch: 'e', patients: patients(60), notBefore: 0 },
      ({ patientId }) => absent.push(patientId),
    );
    expect(fetched.error).toEqual({ kind: 'truncated' });
    expect(fetched.stored).toContain('p10');
    expect(fetched.stored).not.toContain('p12');
    expect(fetched.stored).toContain('p59');
    expect(absent).toEqual(['p3']);
  });

  it('the trouble of the cache is told', async () => {
    const fetched = await fetchPacks(
      service(),
      cache({ type: 'failed', code: 'quota', message: 'full' }),
      { epoch: 'e', patients: patients(60), notBefore: 0 },
      () => undefined,
    );
    expect(fetched).toMatchObject({ trouble: 'quota', error: null, storedBytes: 0 });
  });
});
