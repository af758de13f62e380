import { describe, expect, it } from 'vitest';
import type { PendingOperation } from '../../../../contract/cache-port.ts';
import { PendingStore } from '../../../../renderer/cache/pending-store.ts';
import { sharedAsShown } from '../../../../renderer/cache/shared-resources.ts';

function text(title: string, version?: string): string {
  const meta = version === undefined ? {} : { meta: { versionId: version } };
  return JSON.stringify({ resourceType: 'Questionnaire', id: 'q1', ...meta, title });
}

function pendingOf(state: PendingOperation['state'], title: string, patientId?: string): PendingOperation {
  return {
    operation: {
      opId: `op ${title}`,
      resource: 'Questionnaire/q1',
      author: { name: 'Dr Okafor', role: 'gp' },
      recordedAt: { wallClock: '2026-11-22T10:00:00Z', monotonicMs: 0 },
      deviceSeq: 1,
      kind: 'amend',
      ...(patientId === undefined ? {} : { patientId }),
    },
    after: text(title),
    state,
  } as unknown as PendingOperation;
}

function shown(cached: readonly string[], pending: readonly PendingOperation[], types = ['Questionnaire']) {
  const store = new PendingStore();
  store.replace(pending);
  const entries = new Map(cached.map((one) => ['Questionnaire/q1', one]));
  const opened = {
    bag: { logs: { shared: { entries } } },
    reader: {
      sharedResource: (key: string) => {
        const one = entries.get(key);
        return one === undefined ? undefined : (JSON.parse(one) as { resourceType: string });
      },
    },
  };
  return sharedAsShown(types, opened as unknown as Parameters<typeof sharedAsShown>[1], store).map((one) => ({
    title: (JSON.parse(one.text) as { title: string }).title,
    version: one.source.version,
    disputed: one.source.disputed,
  }));
}

describe('what belongs to no patient, as it stands on screen', () => {
  it('is the service’s version, with the number that a change builds on', () => {
    expect(shown([text('Theirs', '3')], [])).toEqual([{ title: 'Theirs', version: 3 }]);
    expect(shown([text('Theirs')], [])).toEqual([{ title: 'Theirs', version: null }]);
  });

  it('is one’s own unsent work, over it or alone', () => {
    expect(shown([text('Theirs', '3')], [pendingOf('waiting', 'Mine')])).toEqual([
      { title: 'Mine', version: 3 },
    ]);
    expect(shown([], [pendingOf('waiting', 'Mine')])).toEqual([{ title: 'Mine', version: null }]);
  });

  it('is both where they are in conflict', () => {
    expect(shown([text('Theirs', '4')], [pendingOf('conflict', 'Mine')])).toEqual([
      { title: 'Theirs', version: 4, disputed: 'theirs' },
      { title: 'Mine', version: 4, disputed: 'mine' },
    ]);
  });

  it('is nothing of a patient, and nothing that was not asked for', () => {
    expect(shown([], [pendingOf('waiting', 'Mine', 'p1')])).toEqual([]);
    expect(shown([text('Theirs', '3')], [], ['Basic'])).toEqual([]);
  });

  it('is known to have changed by its mark', () => {
    const store = new PendingStore();
    const before = store.sharedMark;
    expect(store.replace([pendingOf('waiting', 'Mine')])).toEqual([]);
    expect(store.sharedMark).not.toBe(before);
  });
});
