/**
 * A save by main alone: the journal on a real disk with fsync, while ever more unsent work waits in it. The baseline
 * is the plainest durable write there is, of as many bytes, turn by turn on the same volume.
 */
import {
  closeSync,
  fsyncSync,
  mkdtempSync,
  openSync,
  readdirSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { randomBytes, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { DeviceId } from '../../domain/identifiers.ts';
import { openJournal } from '../../main/services/journal/file-journal.ts';
import { SaveService } from '../../main/services/save/save-service.ts';
import { uuidV7 } from '../../main/services/save/uuid-v7.ts';
import { nodeFiles } from '../../main/services/storage/node-files.ts';
import { makeJournalWorkers } from '../torture/journal-keys.ts';
import { growthOf, type Point } from './growth.ts';
import type { Measurement, RunOptions } from './measurement.ts';
import { median, spread } from './statistics.ts';

const changesOfASave = 5;

function requestFor(patientId: string, changes: number) {
  return {
    groupId: randomUUID(),
    patientId,
    bannerPatientId: patientId,
    changes: Array.from({ length: changes }, () => {
      const id = randomUUID();
      return {
        kind: 'append' as const,
        resource: `Observation/${id}`,
        after: JSON.stringify({
          resourceType: 'Observation',
          id,
          status: 'final',
          code: { coding: [{ system: 'http://snomed.info/sct', code: '364075005' }], text: 'Pulse' },
          subject: { reference: `Patient/${patientId}` },
          effectiveDateTime: '2026-11-22T10:00:00+00:00',
          valueQuantity: { value: 72, unit: '/min', system: 'http://unitsofmeasure.org', code: '/min' },
        }),
      };
    }),
  };
}

export async function run({ quick }: RunOptions): Promise<readonly Measurement[]> {
  const turns = quick ? 20 : 150;
  // Below /var/tmp: /tmp may be memory, where fsync costs nothing.
  const folder = mkdtempSync('/var/tmp/gladstone-save-');
  const directory = join(folder, 'journal');
  const workers = makeJournalWorkers();
  const deviceId = randomUUID() as string as DeviceId;
  const { journal } = await openJournal({
    files: nodeFiles,
    directory,
    escrow: workers.escrow,
    now: () => new Date().toISOString(),
    deviceId,
    withReserve: false,
  });
  const bare = openSync(join(folder, 'bare'), 'a');
  const measurements: Measurement[] = [];
  const curve: Point[] = [];
  try {
    await journal.unseal(workers.keysOf('gp'));
    const signer = workers.signer(deviceId);
    const service = new SaveService({
      bag: () => ({ journal, signer }),
      wallMs: () => Date.now(),
      monotonicMs: () => performance.now(),
      lastServiceTime: () => undefined,
      seen: () => undefined,
      newId: () => uuidV7(Date.now()),
    });
    const save = async (): Promise<void> => {
      const answer = await service.saveRequest(requestFor(randomUUID(), changesOfASave));
      if (!answer.ok) throw new Error(answer.error.code);
    };
    for (const waiting of quick ? [0, 50] : [0, 50, 500, 5_000]) {
      while (journal.counts().unsentOperations < waiting) await save();
      const before = bytesBelow(directory);
      for (let turn = 0; turn < 5; turn += 1) await save();
      const bytes = randomBytes(Math.max(512, Math.round((bytesBelow(directory) - before) / 5)));
      const own: number[] = [];
      const plain: number[] = [];
      for (let turn = 0; turn < turns; turn += 1) {
        const begun = performance.now();
        await save();
        own.push(performance.now() - begun);
        const again = performance.now();
        writeSync(bare, bytes);
        fsyncSync(bare);
        plain.push(performance.now() - again);
      }
      if (waiting > 0) curve.push({ size: waiting, cost: median(own) });
      measurements.push({
        name: `Save with fsync, ${waiting.toLocaleString('en-GB')} operations waiting`,
        value: median(own),
        unit: 'ms',
        ...spread(own),
        budget: 50,
        judgedBy: 'p95',
        baseline: median(plain),
        ratio: median(own) / median(plain),
        note: `${changesOfASave} observations: checked, numbered, chained, signed, sealed, written, fsynced; baseline: ${bytes.length} bytes appended and fsynced (p95 ${spread(plain).p95.toFixed(1)} ms); ${turns} turns`,
      });
    }
  } finally {
    await journal.close();
    closeSync(bare);
    rmSync(folder, { recursive: true, force: true });
  }
  return [...measurements, ...growthOf('save', 'operations waiting', curve)];
}

function bytesBelow(folder: string): number {
  return readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
}
