/**
 * A program that saves and says so, to be traced or killed: `saving-child.ts DIRECTORY KEYS COUNT [FAILPOINT]`.
 * Writes `saved <opId> <hash>` to standard output only after the journal's promise resolved.
 */
import { readFileSync, writeSync } from 'node:fs';
import { openJournal } from '../../main/services/journal/file-journal.ts';
import { nodeFiles } from '../../main/services/storage/node-files.ts';
import { failingAt } from './failpoints.ts';
import { groupOf, makeJournalWorkers } from './journal-keys.ts';
import type { KeptWorkers } from './journal-keys.ts';
import type { DeviceId } from '../../domain/identifiers.ts';
import type { RecordedOutcome } from '../../main/services/journal/journal-entry.ts';

const [directory = '', keysFile = '', count = '10', failpoint = ''] = process.argv.slice(2);
const kept = JSON.parse(readFileSync(keysFile, 'utf8')) as {
  readonly deviceId: string;
  readonly workers: KeptWorkers;
};
const deviceId = kept.deviceId as DeviceId;
const workers = makeJournalWorkers(kept.workers);
const { journal } = await openJournal({
  files: failpoint === '' ? nodeFiles : failingAt(nodeFiles, failpoint),
  directory,
  escrow: workers.escrow,
  now: () => new Date().toISOString(),
  deviceId,
  withReserve: false,
  segmentBytes: 16 * 1024,
});
await journal.unseal(workers.keysOf('gp'));
const signer = workers.signer(deviceId);
for (let index = 0; index < Number(count); index += 1) {
  const saved = await journal.saveGroup(groupOf(signer, `patient-${index % 3}`, 'first', 'second'));
  if (!saved.ok) throw new Error(saved.error.code);
  // Synchronous: nothing may stand between the promise and the word.
  for (const { operation, hash } of saved.value.operations) writeSync(1, `saved ${operation.opId} ${hash}\n`);
  const oldest = journal.operations().filter(({ outcome }) => outcome === null)[0];
  if (oldest !== undefined && index % 3 === 2) {
    const outcome: RecordedOutcome = {
      outcome: { opId: oldest.signed.operation.opId, outcome: 'applied', version: 1 },
      position: 1,
      epoch: 'epoch',
      durable: true,
      at: '2026-01-01T00:00:00.000Z',
    };
    if ((await journal.recordOutcomes([outcome])).ok) {
      writeSync(1, `settled ${outcome.outcome.opId}\n`);
    }
  }
  if (index % 5 === 4) {
    // Nothing is backed up far enough: compaction copies, and lets go of no operation.
    await journal.compact({ now: new Date().toISOString(), durableThrough: null, signer });
  }
}
await journal.close();
