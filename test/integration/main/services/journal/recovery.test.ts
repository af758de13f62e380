import { randomUUID } from 'node:crypto';
import { describe, expect, it, vi } from 'vitest';
import { parseExact, stringifyExact } from '../../../../../domain/fhir/exact-json.ts';
import { groupOf } from '../../../../../tools/torture/journal-keys.ts';
import { directory, JournalOnFiles, now } from '../../../../support/journal-on-files.ts';
import type { DeviceId, UserId } from '../../../../../domain/identifiers.ts';
import type { RecordedOutcome } from '../../../../../main/services/journal/journal-entry.ts';
import type { Journal } from '../../../../../main/services/journal/journal.ts';

const gp = 'user-gp' as UserId;

function draftOf(content: unknown, draftId = randomUUID() as string) {
  const at = { startedAt: now, changedAt: now };
  return { draftId, kind: 'consultation' as const, ...at, content: JSON.stringify(content) };
}

function outcomesFor(journal: Journal, given: Partial<RecordedOutcome> = {}): RecordedOutcome[] {
  return journal.operations().map(({ signed }) => ({
    outcome: { opId: signed.operation.opId, outcome: 'applied', version: 1 },
    position: 5,
    epoch: 'epoch',
    durable: true,
    at: now,
    ...given,
  }));
}

/** The file that was begun last. */
function newestOf(on: JournalOnFiles): string {
  return on.files.events.findLast((event) => event.kind === 'create')?.path ?? '';
}

async function saveThree(on: JournalOnFiles): Promise<Journal> {
  const { journal } = await on.open();
  for (const text of ['one', 'two', 'three']) {
    const saved = await journal.saveGroup(groupOf(on.workers.signer(on.deviceId), 'patient', text));
    expect(saved.ok).toBe(true);
  }
  return journal;
}

describe('a restart', () => {
  it('knows every operation, outcome, draft and note from the files alone', async () => {
    const on = new JournalOnFiles();
    const journal = await saveThree(on);
    const [first] = outcomesFor(journal);
    if (first === undefined) throw new Error('nothing saved');
    await journal.recordOutcomes([first]);
    const draft = draftOf({ text: 'in the middle of a sent' });
    await journal.putDraft(draft, gp);
    await journal.putNotes([{ topic: 'choices', key: 'a', value: { keep: 'mine' } }]);
    await journal.close();

    const { journal: again, report } = await on.open();
    expect(report).toMatchObject({ setAside: [], damaged: [], missingSegments: 0 });
    expect(again.operations().map(({ outcome }) => outcome?.outcome.outcome)).toEqual([
      'applied',
      undefined,
      undefined,
    ]);
    expect(again.drafts()[0]?.draft).toEqual(draft);
    expect(again.notes('choices').get('a')).toEqual({ keep: 'mine' });
    expect(again.counts()).toMatchObject({ unsentOperations: 2, openDrafts: 1 });
  });

  it('L20, L21: counts while sealed what waits, and shows nothing of it', async () => {
    const on = new JournalOnFiles();
    const journal = await saveThree(on);
    await journal.putDraft(draftOf({}), gp);
    await journal.close();
    const { journal: sealed } = await on.open(null);
    expect(sealed.operations()).toEqual([]);
    expect(sealed.drafts()).toEqual([]);
    expect(sealed.counts().byUser.get(gp)).toEqual({ unsentOperations: 3, openDrafts: 1 });
    const saved = await sealed.saveGroup(groupOf(on.workers.signer(on.deviceId), 'patient', 'x'));
    expect(saved).toMatchObject({ ok: false, error: { code: 'sealed' } });
  });

  it('keeps the written form of decimals, and hashes over it', async () => {
    const on = new JournalOnFiles();
    const { journal } = await on.open();
    const group = groupOf(on.workers.signer(on.deviceId), 'patient', 'x');
    const [operation] = group.operations;
    const after = parseExact('{"resourceType":"Observation","id":"o","valueQuantity":{"value":8.000}}');
    await journal.saveGroup({
      ...group,
      operations: [{ ...operation, after } as NonNullable<typeof operation>],
    });
    await journal.close();
    const { journal: again } = await on.open();
    expect(stringifyExact(again.operations()[0]?.signed.operation.after)).toContain('8.000');
  });
});

describe('saving', () => {
  it('D1: a second press of the same save, at the same time or later, writes nothing twice', async () => {
    const on = new JournalOnFiles();
    const { journal } = await on.open();
    const group = groupOf(on.workers.signer(on.deviceId), 'patient', 'a', 'b');
    const [first, second] = await Promise.all([journal.saveGroup(group), journal.saveGroup(group)]);
    const third = await journal.saveGroup(group);
    expect([first, second, third].map((result) => result.ok && result.value.repeated)).toEqual([
      false,
      true,
      true,
    ]);
    expect(journal.operations()).toHaveLength(2);
  });

  it('many saves at once share an fsync', async () => {
    const on = new JournalOnFiles();
    const { journal } = await on.open();
    const signer = on.workers.signer(on.deviceId);
    await Promise.all(
      Array.from({ length: 20 }, (_none, index) => journal.saveGroup(groupOf(signer, `p${index}`, 'x'))),
    );
    const syncs = on.files.events.filter(({ kind }) => kind === 'sync').length;
    expect(journal.operations()).toHaveLength(20);
    expect(syncs).toBeLessThanOrEqual(2);
  });

  it('L10: resolves only when durable, and a disk that refuses twice is told as "not saved"', async () => {
    const on = new JournalOnFiles();
    const { journal } = await on.open();
    const signer = on.workers.signer(on.deviceId);
    await journal.saveGroup(groupOf(signer, 'patient', 'before'));
    on.files.trouble.failingSyncs = 2;
    const refused = await journal.saveGroup(groupOf(signer, 'patient', 'refused'));
    expect(refused).toMatchObject({ ok: false, error: { code: 'write-failed' } });
    const after = await journal.saveGroup(groupOf(signer, 'patient', 'after'));
    expect(after.ok && after.value.operations[0]?.operation.deviceSeq).toBe(2);
    await journal.close();
    const { journal: again } = await on.open();
    const texts = again.operations().map(({ signed }) => signed.operation.after?.['valueString']);
    expect(texts).toEqual(['before', 'after']);
  });

  it('a failed fsync is never tried again on that file: the save goes to a new one', async () => {
    const on = new JournalOnFiles();
    const journal = await saveThree(on);
    on.files.trouble.failingSyncs = 1;
    const signer = on.workers.signer(on.deviceId);
    expect((await journal.saveGroup(groupOf(signer, 'patient', 'four'))).ok).toBe(true);
    const synced = on.files.events.flatMap((event) => (event.kind === 'sync' ? [event.file] : []));
    expect(new Set(synced).size).toBe(2);
    await journal.close();
    const { journal: again, report } = await on.open();
    expect(again.operations()).toHaveLength(4);
    expect(report).toMatchObject({ damaged: [], missingSegments: 0 });
  });

  it("a receptionist's journal opens nothing clinical", async () => {
    const on = new JournalOnFiles();
    const journal = await saveThree(on);
    await journal.close();
    const { journal: reception } = await on.open('receptionist', 'user-reception');
    expect(reception.operations()).toEqual([]);
    expect(reception.counts().unsentOperations).toBe(3);
    const own = await reception.saveGroup(
      groupOf(on.workers.signer(on.deviceId, 'user-reception', 'receptionist'), 'patient', 'address'),
    );
    // Numbers go on behind what she cannot read.
    expect(own.ok && own.value.operations[0]?.operation.deviceSeq).toBe(4);
  });
});

describe('drafts', () => {
  it('S13: the latest content wins, a keystroke after signing does not bring it back', async () => {
    const on = new JournalOnFiles();
    const { journal } = await on.open();
    const signer = on.workers.signer(on.deviceId);
    const draft = draftOf({ text: 'a' });
    await Promise.all(['a', 'ab', 'abc'].map((text) => journal.putDraft({ ...draft, content: text }, gp)));
    expect(journal.drafts().map((known) => known.draft.content)).toEqual(['abc']);
    await journal.saveGroup({ ...groupOf(signer, 'patient', 'signed'), endsDraft: draft.draftId });
    await journal.putDraft({ ...draft, content: 'late' }, gp);
    await journal.close();
    const { journal: again } = await on.open();
    expect(again.drafts()).toMatchObject([{ ended: 'signed', draft: { content: 'abc' } }]);
    expect(again.counts().openDrafts).toBe(0);
  });

  it('a save faster than the first draft: its keystrokes come late and open no draft, also after a restart', async () => {
    const on = new JournalOnFiles();
    const { journal } = await on.open();
    const draft = draftOf({ text: 'a' });
    const group = groupOf(on.workers.signer(on.deviceId), 'patient', 'signed');
    await journal.saveGroup({ ...group, endsDraft: draft.draftId });
    await journal.putDraft({ ...draft, content: 'late' }, gp);
    expect(journal.counts().openDrafts).toBe(0);
    await journal.close();
    const { journal: again } = await on.open();
    await again.putDraft({ ...draft, content: 'later' }, gp);
    expect(again.drafts()).toEqual([]);
    expect(again.counts().openDrafts).toBe(0);
  });

  it('a keystroke tells nobody who follows what waits to be sent; the save that ends it does', async () => {
    const on = new JournalOnFiles();
    const { journal } = await on.open();
    const signer = on.workers.signer(on.deviceId);
    await journal.saveGroup(groupOf(signer, 'patient', 'before'));
    const told = vi.fn();
    journal.onChanged(told);
    const draft = draftOf({ text: 'a' });
    for (const text of ['a', 'ab']) await journal.putDraft({ ...draft, content: text }, gp);
    await journal.endDraft(draft.draftId, gp, 'discarded');
    await journal.endDraft(draft.draftId, gp, 'restored');
    await journal.recordReceipt(
      (await journal.sealedFrames('without-receipt')).map(({ frameId }) => frameId),
    );
    expect(told).not.toHaveBeenCalled();
    await journal.saveGroup({ ...groupOf(signer, 'patient', 'signed'), endsDraft: draft.draftId });
    expect(told).toHaveBeenCalledTimes(1);
    await journal.recordOutcomes(outcomesFor(journal));
    await journal.putNotes([{ topic: 'closed', key: 'a', value: now }]);
    expect(told).toHaveBeenCalledTimes(3);
    // What is read meanwhile finds nothing: after the unseal it is read again.
    await journal.seal();
    await journal.unseal(on.workers.keysOf('gp'));
    expect(told).toHaveBeenCalledTimes(4);
  });

  it('a discarded draft comes back when asked for, also after a restart', async () => {
    const on = new JournalOnFiles();
    const { journal } = await on.open();
    const draft = draftOf({ text: 'a' });
    await journal.putDraft(draft, gp);
    await journal.endDraft(draft.draftId, gp, 'discarded');
    await journal.close();
    const { journal: again } = await on.open();
    expect(again.drafts()[0]?.ended).toBe('discarded');
    await again.endDraft(draft.draftId, gp, 'restored');
    expect(again.drafts()[0]).toMatchObject({ ended: null, draft });
  });
});

describe('damage', () => {
  it('a torn tail is set aside in a file of its own and reported, once', async () => {
    const on = new JournalOnFiles();
    const journal = await saveThree(on);
    await journal.close();
    await on.rewrite((_path, bytes) => new Uint8Array([...bytes, ...Buffer.from('GJB1 and the power went')]));
    const { journal: again, report } = await on.open();
    expect(again.operations()).toHaveLength(3);
    expect(report.setAside).toMatchObject([{ bytes: 23 }]);
    const aside = (await on.files.list(directory)).find((name) => name.endsWith('.aside'));
    expect(aside).toBe(report.setAside[0]?.file);
    await again.saveGroup(groupOf(on.workers.signer(on.deviceId), 'patient', 'goes on'));
    await again.close();
    const third = await on.open();
    expect(third.report.setAside).toEqual([]);
    expect(third.journal.operations()).toHaveLength(4);
  });

  it('damage in the middle is told, what is whole behind it is read, and the file is kept by compaction', async () => {
    const on = new JournalOnFiles();
    const journal = await saveThree(on);
    await journal.close();
    await on.rewrite((_path, bytes) => {
      const second = Buffer.from(bytes).indexOf('GJB1', Buffer.from(bytes).indexOf('GJB1') + 1);
      return bytes.fill(0, second + 100, second + 140);
    });
    const { journal: again, report } = await on.open();
    expect(report.damaged).toHaveLength(1);
    const texts = again.operations().map(({ signed }) => signed.operation.after?.['valueString']);
    expect(texts).toEqual(['one', 'three']);
    const signer = on.workers.signer(on.deviceId);
    expect((await again.compact({ now, durableThrough: null, signer })).ok).toBe(true);
    const names = await on.files.list(directory);
    expect(names.some((name) => name.endsWith('.damaged'))).toBe(true);
    expect(again.operations()).toHaveLength(2);
  });

  it('a newest file with a broken head is told as damage, its saves are read, and work goes on behind them', async () => {
    const on = new JournalOnFiles();
    await (await saveThree(on)).close();
    const { journal: today } = await on.open();
    for (const text of ['today', 'later']) {
      expect((await today.saveGroup(groupOf(on.workers.signer(on.deviceId), 'patient', text))).ok).toBe(true);
    }
    await today.close();
    const newest = newestOf(on);
    await on.rewrite((path, bytes) => (path === newest ? bytes.fill(0, 10, 30) : bytes));
    const textsOf = (journal: Journal) =>
      journal.operations().map(({ signed }) => signed.operation.after?.['valueString']);
    const { journal: again, report } = await on.open();
    expect(report.damaged).toHaveLength(1);
    expect(report.setAside).toEqual([]);
    expect(textsOf(again)).toEqual(['one', 'two', 'three', 'today', 'later']);
    expect((await again.saveGroup(groupOf(on.workers.signer(on.deviceId), 'patient', 'goes on'))).ok).toBe(
      true,
    );
    await again.close();
    const third = await on.open();
    expect(textsOf(third.journal)).toEqual(['one', 'two', 'three', 'today', 'later', 'goes on']);
    expect(third.journal.operations().map(({ signed }) => signed.operation.deviceSeq)).toEqual([
      1, 2, 3, 4, 5, 6,
    ]);
    expect(third.report).toMatchObject({ setAside: [], missingSegments: 0 });
    expect(third.report.damaged).toHaveLength(1);
  });

  it('a newest file of which nothing can be read is told as damage and stays; one that was only begun is not', async () => {
    for (const isDamage of [true, false]) {
      const on = new JournalOnFiles();
      await (await saveThree(on)).close();
      const { journal: today } = await on.open();
      await today.saveGroup(groupOf(on.workers.signer(on.deviceId), 'patient', 'today'));
      await today.close();
      const newest = newestOf(on);
      await on.rewrite((path, bytes) => {
        if (path !== newest) return bytes;
        return isDamage ? bytes.fill(0) : bytes.subarray(0, 50);
      });
      const { journal: again, report } = await on.open();
      expect(again.operations()).toHaveLength(3);
      expect([report.damaged.length, report.setAside.length]).toEqual(isDamage ? [1, 0] : [0, 1]);
      const signer = on.workers.signer(on.deviceId);
      expect((await again.compact({ now, durableThrough: null, signer })).ok).toBe(true);
      const kept = (await on.files.list(directory)).filter((name) => /\.(damaged|aside)$/.test(name));
      expect(kept.map((name) => name.split('.').at(-1))).toEqual([isDamage ? 'damaged' : 'aside']);
    }
  });

  it('a changed byte inside a sealed frame never passes as content', async () => {
    const on = new JournalOnFiles();
    const journal = await saveThree(on);
    await journal.close();
    for (let at = 0; at < 40; at += 1) {
      const damaged = new JournalOnFiles();
      Object.assign(damaged, { workers: on.workers, deviceId: on.deviceId, files: on.files });
      await damaged.rewrite((_path, bytes) => {
        const place = Math.floor((bytes.length / 40) * at);
        bytes[place] = (bytes[place] ?? 0) ^ 1;
        return bytes;
      });
      const { journal: read, report } = await damaged.open();
      const texts = read.operations().map(({ signed }) => signed.operation.after?.['valueString']);
      expect(['one', 'two', 'three']).toEqual(expect.arrayContaining(texts));
      expect(texts.length < 3, `byte ${at}`).toBe(
        report.damaged.length + report.setAside.length > 0 && texts.length < 3,
      );
    }
  });
});

describe('a service that was restored', () => {
  it('M9: what it lost is unsent again: counted while sealed, carried and exported, kept by compaction', async () => {
    const on = new JournalOnFiles();
    const journal = await saveThree(on);
    await journal.recordOutcomes(outcomesFor(journal));
    expect(journal.counts().unsentOperations).toBe(0);
    const [first, second] = journal.operations().map(({ signed }) => signed.operation.opId);
    if (first === undefined || second === undefined) throw new Error('nothing saved');
    await journal.putNotes([{ topic: 'reopened', key: first, value: 'epoch#5' }], [first, second]);
    expect(journal.counts().unsentOperations).toBe(2);
    const later = new Date(Date.parse(now) + 400 * 86_400_000).toISOString();
    const signer = on.workers.signer(on.deviceId);
    await journal.compact({ now: later, durableThrough: { epoch: 'epoch', position: 99 }, signer });
    await journal.recordOutcomes(
      outcomesFor(journal, { epoch: 'another' }).filter(({ outcome }) => outcome.opId === second),
    );
    await journal.close();

    const { journal: sealed } = await on.open(null);
    expect(sealed.counts().unsentOperations).toBe(1);
    expect((await sealed.sealedFrames('unsent')).flatMap(({ opIds }) => opIds)).toContain(first);
  });
});

describe('compaction', () => {
  it("lets go only of what was settled 30 days ago and lies in the service's backup", async () => {
    const on = new JournalOnFiles();
    const journal = await saveThree(on);
    const signer = on.workers.signer(on.deviceId);
    const long = '2026-01-01T00:00:00.000Z';
    const compact = (durableThrough: { epoch: string; position: number } | null) =>
      journal.compact({ now, durableThrough, signer });
    await journal.recordOutcomes(outcomesFor(journal, { at: long }));
    await compact(null);
    expect(journal.operations()).toHaveLength(3);
    await compact({ epoch: 'epoch', position: 4 });
    expect(journal.operations()).toHaveLength(3);
    await compact({ epoch: 'another', position: 9 });
    expect(journal.operations()).toHaveLength(3);
    await compact({ epoch: 'epoch', position: 5 });
    expect(journal.operations()).toHaveLength(0);
    const next = await journal.saveGroup(groupOf(signer, 'patient', 'four'));
    expect(next.ok && next.value.operations[0]?.operation).toMatchObject({ deviceSeq: 4, laneSeq: 4 });
  });

  it.each([
    ['settled yesterday', { at: '2026-11-21T10:00:00.000Z' }],
    ['not promised by the service to be on disk', { at: '2026-01-01T00:00:00.000Z', durable: false }],
  ])('keeps what is %s', async (_why, given) => {
    const on = new JournalOnFiles();
    const journal = await saveThree(on);
    await journal.recordOutcomes(outcomesFor(journal, given));
    const signer = on.workers.signer(on.deviceId);
    await journal.compact({ now, durableThrough: { epoch: 'epoch', position: 99 }, signer });
    expect(journal.operations()).toHaveLength(3);
  });

  it('I3: keeps what the service rejected, however long ago', async () => {
    const on = new JournalOnFiles();
    const journal = await saveThree(on);
    const rejected = journal.operations().map(({ signed }): RecordedOutcome => ({
      outcome: { opId: signed.operation.opId, outcome: 'rejected', code: 'wrong-patient', message: '' },
      epoch: 'epoch',
      durable: true,
      at: '2026-01-01T00:00:00.000Z',
    }));
    await journal.recordOutcomes(rejected);
    const signer = on.workers.signer(on.deviceId);
    await journal.compact({ now, durableThrough: { epoch: 'epoch', position: 99 }, signer });
    expect(journal.operations()).toHaveLength(3);
    expect(journal.counts().unsentOperations).toBe(3);
  });

  it('goes on from an anchor that its signer vouches for; another signature is told', async () => {
    const on = new JournalOnFiles();
    const journal = await saveThree(on);
    await journal.compact({ now, durableThrough: null, signer: on.workers.signer(on.deviceId) });
    await journal.close();
    const { journal: again } = await on.open(null);
    expect((await again.unseal(on.workers.keysOf('gp'))).unreadable).toEqual([]);
    const forged = { ...on.workers.signer(on.deviceId), sign: () => 'AAAA' };
    await again.compact({ now, durableThrough: null, signer: forged });
    expect((await again.unseal(on.workers.keysOf('gp'))).unreadable).toHaveLength(1);
  });

  it("keeps another person's sealed work and notes", async () => {
    const on = new JournalOnFiles();
    const journal = await saveThree(on);
    await journal.putNotes([{ topic: 't', key: 'k', value: 1 }]);
    await journal.close();
    const { journal: reception } = await on.open('receptionist', 'user-reception');
    const signer = on.workers.signer(on.deviceId, 'user-reception', 'receptionist');
    await reception.compact({ now, durableThrough: null, signer });
    await reception.close();
    const { journal: again } = await on.open();
    expect(again.operations()).toHaveLength(3);
    expect(again.notes('t').get('k')).toBe(1);
  });
});

describe('a copied profile', () => {
  it('goes on as another device: unsent work is numbered, chained and signed anew under the same opIds', async () => {
    const on = new JournalOnFiles();
    const journal = await saveThree(on);
    const [settled] = outcomesFor(journal);
    if (settled === undefined) throw new Error('nothing saved');
    await journal.recordOutcomes([settled]);
    const opIds = journal.operations().map(({ signed }) => signed.operation.opId);
    const deviceId = randomUUID() as string as DeviceId;
    expect((await journal.renumber(deviceId, opIds, on.workers.signer(deviceId))).ok).toBe(true);
    await journal.close();
    const { journal: again } = await on.open();
    expect(again.deviceId).toBe(deviceId);
    const renumbered = again.operations().filter(({ signed }) => signed.operation.deviceId === deviceId);
    expect(renumbered.map(({ signed: { operation } }) => [operation.deviceSeq, operation.laneSeq])).toEqual([
      [1, 1],
      [2, 2],
    ]);
    expect(renumbered[1]?.signed.operation.previousHash).toBe(renumbered[0]?.signed.hash);
    expect(
      again
        .operations()
        .map(({ signed }) => signed.operation.opId)
        .sort(),
    ).toEqual([...opIds].sort());
    const old = await again.saveGroup(groupOf(on.workers.signer(on.deviceId), 'patient', 'x'));
    expect(old).toMatchObject({ ok: false, error: { code: 'wrong-device' } });
  });
});

describe('sealed frames', () => {
  it('carries unsent work without any key, until a receipt covers it', async () => {
    const on = new JournalOnFiles();
    const journal = await saveThree(on);
    await journal.putDraft(draftOf({ text: 'Mrs Brown' }), gp);
    await journal.close();
    const { journal: sealed } = await on.open(null);
    const frames = await sealed.sealedFrames('without-receipt');
    expect(frames.map(({ kind }) => kind)).toEqual(['operations', 'operations', 'operations', 'draft']);
    for (const frame of frames) expect(Buffer.from(frame.bytes).toString('latin1')).not.toContain('Brown');
    expect((await sealed.recordReceipt(frames.map(({ frameId }) => frameId))).ok).toBe(true);
    expect(await sealed.sealedFrames('without-receipt')).toEqual([]);
    expect(await sealed.sealedFrames('unsent')).toHaveLength(4);
  });
});
