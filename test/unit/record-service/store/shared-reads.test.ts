import { describe, expect, it } from 'vitest';
import { systemActor } from '../../../../record-service/identity/actor.ts';
import type { AuditedRead } from '../../../../record-service/store/read-audited.ts';
import type { StoredVersion } from '../../../../record-service/store/record-store.ts';
import { SharedReads } from '../../../../record-service/store/shared-reads.ts';

const actor = systemActor('A1');
const read = (id: string): AuditedRead => ({ actor, ref: { type: 'Patient', id } });
const version = (id: string): StoredVersion => ({
  type: 'Patient',
  id,
  version: 1,
  patientId: id,
  deleted: false,
  content: '{}',
  lastUpdated: '2026-11-22T10:00:00.000Z',
  digest: '',
  author: 'system',
});

/** Reads whose transactions end when the test says so. */
function controlled() {
  const batches: {
    readonly ids: readonly string[];
    readonly commit: () => void;
    readonly fail: (error: Error) => void;
  }[] = [];
  const reads = new SharedReads(
    (batch) =>
      new Promise((resolve, reject) => {
        const ids = batch.map(({ ref }) => ref.id);
        batches.push({
          ids,
          commit: () => {
            resolve(ids.filter((id) => id !== 'nobody').map(version));
          },
          fail: reject,
        });
      }),
  );
  return { reads, batches };
}

describe('shared reads', () => {
  it('whoever comes meanwhile shares the next transaction; nobody is answered before its commit', async () => {
    const { reads, batches } = controlled();
    const answered: string[] = [];
    const works = ['a', 'b', 'nobody', 'b'].map((id) =>
      reads.add(read(id)).then((found) => {
        answered.push(found?.id ?? 'nothing');
      }),
    );
    expect(batches.map(({ ids }) => ids)).toEqual([['a']]);
    batches[0]?.commit();
    await works[0];
    expect(answered).toEqual(['a']);
    expect(batches.map(({ ids }) => ids)).toEqual([['a'], ['b', 'nobody', 'b']]);
    batches[1]?.commit();
    await Promise.all(works);
    expect(answered).toEqual(['a', 'b', 'nothing', 'b']);
  });

  it('a transaction that fails fails its own readers and no other', async () => {
    const { reads, batches } = controlled();
    const first = reads.add(read('a'));
    const second = reads.add(read('b'));
    batches[0]?.fail(new Error('the link broke'));
    await expect(first).rejects.toThrow('the link broke');
    batches[1]?.commit();
    expect((await second)?.id).toBe('b');
    const third = reads.add(read('c'));
    batches[2]?.commit();
    expect((await third)?.id).toBe('c');
  });
});
