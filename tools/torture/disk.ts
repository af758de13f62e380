/**
 * Durability of the journal (sync.md, How it is proved, 3): a day's work with trouble is recorded write by write,
 * then the disk is cut after each of them, with what was not synced dropped, kept or torn, and the journal opened
 * again. Whatever anybody had been told is there, whole, once, in order.
 */
import { randomUUID } from 'node:crypto';
import { openJournal } from '../../main/services/journal/file-journal.ts';
import { makeJournalWorkers, groupOf } from './journal-keys.ts';
import { diskAfter, RecordedFiles, seededChance } from './recorded-files.ts';
import { proveFullVolume } from './full-volume.ts';
import { traceSaves } from './system-call-trace.ts';
import type { DeviceId, OperationId } from '../../domain/identifiers.ts';
import type { Journal } from '../../main/services/journal/journal.ts';
import type { RecordedOutcome } from '../../main/services/journal/journal-entry.ts';
import type { JournalWorkers } from './journal-keys.ts';
import type { DiskEvent, Fate } from './recorded-files.ts';

export interface DiskTortureOptions {
  readonly seed: number;
  /** Rounds of work: each saves, drafts, records outcomes, and now and then suffers or compacts. */
  readonly rounds: number;
  /** Torn disks tried at each cut, besides `dropped` and `kept`. */
  readonly tornPerCut: number;
  /** A deliberate bug: the program forgot these. The replay must find it, or it proves nothing. */
  readonly forgotten?: 'sync' | 'sync-directory';
}

export interface DiskTortureReport {
  readonly events: number;
  readonly disks: number;
  readonly acknowledged: number;
  /** One line each; empty when the journal holds. */
  readonly violations: readonly string[];
}

const directory = '/journal';

interface Work {
  readonly files: RecordedFiles;
  readonly workers: JournalWorkers;
  readonly deviceId: DeviceId;
}

export async function replayEveryCut(options: DiskTortureOptions): Promise<DiskTortureReport> {
  const work: Work = {
    files: new RecordedFiles(),
    workers: makeJournalWorkers(),
    deviceId: randomUUID() as string as DeviceId,
  };
  const acknowledged = await recordWork(work, options);
  const events = work.files.events.filter(({ kind }) => kind !== options.forgotten);
  const chance = seededChance(options.seed);
  const violations: string[] = [];
  let disks = 0;
  for (let cut = 0; cut <= events.length; cut += 1) {
    const fates: Fate[] = ['dropped', 'kept', ...Array<Fate>(options.tornPerCut).fill('torn')];
    for (const fate of fates) {
      disks += 1;
      for (const what of await violationsOf(work, events, cut, fate, chance)) {
        violations.push(`seed ${options.seed}, cut ${cut} of ${events.length}, ${fate}: ${what}`);
      }
    }
  }
  return { events: events.length, disks, acknowledged, violations };
}

async function open(work: Work, files: RecordedFiles): Promise<Journal> {
  const { journal } = await openJournal({
    files,
    directory,
    escrow: work.workers.escrow,
    now: () => '2026-11-22T10:00:00.000Z',
    deviceId: work.deviceId,
    withReserve: false,
    // Small, so that a short run begins many segments.
    segmentBytes: 24 * 1024,
  });
  await journal.unseal(work.workers.keysOf('gp'));
  return journal;
}

async function recordWork(work: Work, options: DiskTortureOptions): Promise<number> {
  const { files, workers, deviceId } = work;
  const chance = seededChance(options.seed + 1);
  const signer = workers.signer(deviceId);
  const journal = await open(work, files);
  let acknowledged = 0;
  const save = async (patient: string, texts: readonly string[]): Promise<void> => {
    const saved = await journal.saveGroup(groupOf(signer, patient, ...texts));
    if (!saved.ok) return;
    for (const { operation, hash } of saved.value.operations)
      files.tell(`operation ${operation.opId} ${hash}`);
    acknowledged += saved.value.operations.length;
  };
  for (let round = 0; round < options.rounds; round += 1) {
    if (chance() < 0.15) files.trouble.failingSyncs = chance() < 0.5 ? 1 : 2;
    if (chance() < 0.1) files.trouble.room = Math.floor(chance() * 6_000);
    const saves = Array.from({ length: 1 + Math.floor(chance() * 3) }, (_none, index) =>
      save(`patient-${(round + index) % 4}`, ['a', 'b'].slice(0, 1 + Math.floor(chance() * 2))),
    );
    const draftId = '7c9f6a3e-0000-4000-8000-000000000001';
    const draft = {
      draftId,
      kind: 'consultation' as const,
      startedAt: '2026-11-22T10:00:00.000Z',
      changedAt: '2026-11-22T10:00:00.000Z',
      content: JSON.stringify({ round }),
    };
    const drafting = journal.putDraft(draft, signer.author.userId).then((kept) => {
      if (kept.ok) files.tell(`draft ${round}`);
    });
    await Promise.all([...saves, drafting]);
    delete files.trouble.room;
    delete files.trouble.failingSyncs;

    const unsent = journal.operations().filter(({ outcome }) => outcome === null);
    const outcomes = unsent.slice(0, 2).map(({ signed }): RecordedOutcome => ({
      outcome: { opId: signed.operation.opId, outcome: 'applied', version: 1 },
      position: round + 1,
      epoch: 'epoch',
      durable: true,
      // Long ago, so that compaction may let go of it.
      at: '2026-01-01T00:00:00.000Z',
    }));
    if (outcomes.length > 0 && (await journal.recordOutcomes(outcomes)).ok) {
      for (const { outcome } of outcomes) files.tell(`outcome ${outcome.opId}`);
    }
    if (round % 6 === 5) {
      const durableThrough = { epoch: 'epoch', position: round - 2 };
      for (const { signed, outcome } of journal.operations()) {
        if ((outcome?.position ?? Infinity) <= durableThrough.position) {
          files.tell(`released ${signed.operation.opId}`);
        }
      }
      await journal.compact({ now: '2026-11-22T10:00:00.000Z', durableThrough, signer });
    }
  }
  await journal.close();
  return acknowledged;
}

async function violationsOf(
  work: Work,
  events: readonly DiskEvent[],
  cut: number,
  fate: Fate,
  chance: () => number,
): Promise<string[]> {
  const found: string[] = [];
  const files = new RecordedFiles(diskAfter(events, cut, fate, chance));
  const journal = await open(work, files);
  const told = events.slice(0, cut).flatMap((event) => (event.kind === 'told' ? [event.what] : []));
  const released = new Set(
    told.filter((what) => what.startsWith('released')).map((what) => what.split(' ')[1]),
  );
  const missing = missingFrom(journal, told, released);
  found.push(...missing, ...disorderIn(journal, released.size > 0));

  // It goes on by itself, and what it then saves is there the next time.
  const signer = work.workers.signer(work.deviceId);
  const saved = await journal.saveGroup(groupOf(signer, 'patient-0', 'after the cut'));
  if (!saved.ok) found.push(`refuses to go on: ${saved.error.code}`);
  await journal.close();
  const again = await open(work, files);
  if (saved.ok && again.group(saved.value.operations[0]?.operation.groupId ?? ('' as never)).length !== 1) {
    found.push('lost what was saved after the cut');
  }
  found.push(...missingFrom(again, told, released).map((what) => `at the second start: ${what}`));
  found.push(...disorderIn(again, released.size > 0).map((what) => `at the second start: ${what}`));
  await again.close();
  return found;
}

function missingFrom(
  journal: Journal,
  told: readonly string[],
  released: ReadonlySet<string | undefined>,
): string[] {
  const latestDraft = told.filter((what) => what.startsWith('draft')).at(-1);
  return told.flatMap((what) => {
    const [kind, subject = '', hash] = what.split(' ');
    const operation = journal.operation(subject as OperationId);
    if (kind === 'operation' && !released.has(subject)) {
      if (operation === undefined) return [`lost operation ${subject}`];
      if (operation.signed.hash !== hash) return [`changed operation ${subject}`];
    }
    if (kind === 'outcome' && !released.has(subject) && operation?.outcome == null) {
      return [`lost the outcome of ${subject}`];
    }
    if (what === latestDraft) {
      const content = journal.drafts()[0]?.draft.content ?? '{}';
      const { round = -1 } = JSON.parse(content) as { round?: number };
      if (round < Number(subject)) return [`lost draft ${subject}, has ${round}`];
    }
    return [];
  });
}

/** Numbers rise without a gap, each entry names the one before, groups are whole. */
function disorderIn(journal: Journal, isCompacted: boolean): string[] {
  const found: string[] = [];
  const operations = journal.operations().map(({ signed }) => signed);
  for (const [index, { operation }] of operations.entries()) {
    const before = operations[index - 1];
    const group = journal.group(operation.groupId);
    if (group.length !== operation.groupSize) found.push(`group ${operation.groupId} is not whole`);
    if (before === undefined || isCompacted) continue;
    if (operation.deviceSeq !== before.operation.deviceSeq + 1)
      found.push(`gap before ${operation.deviceSeq}`);
    if (operation.previousHash !== before.hash) found.push(`broken chain at ${operation.deviceSeq}`);
  }
  const numbers = new Set(operations.map(({ operation }) => operation.deviceSeq));
  if (numbers.size !== operations.length) found.push('a number was given twice');
  return found;
}

/** The long form: `npm run torture -- disk`. */
export async function runDiskTorture(options: {
  readonly seed: number;
  readonly rounds: number;
}): Promise<boolean> {
  let holds = true;
  const replay = await replayEveryCut({ ...options, tornPerCut: 6 });
  console.log(
    `replay: ${replay.events} disk events, ${replay.disks} disks, ${replay.acknowledged} operations acknowledged, ${replay.violations.length} violations`,
  );
  for (const violation of replay.violations.slice(0, 20)) console.log(`  ${violation}`);
  holds &&= replay.violations.length === 0;
  for (const forgotten of ['sync', 'sync-directory'] as const) {
    const planted = await replayEveryCut({ seed: options.seed, rounds: 4, tornPerCut: 1, forgotten });
    console.log(`  planted: ${forgotten} forgotten: ${planted.violations.length} violations found`);
    holds &&= planted.violations.length > 0;
  }

  const trace = await traceSaves(50);
  console.log(`system calls: ${trace.summary}`);
  holds &&= trace.kind !== 'violated';

  const full = await proveFullVolume();
  console.log(`full volume: ${full.summary}`);
  return holds && full.holds;
}
