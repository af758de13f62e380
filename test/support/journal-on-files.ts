import { randomUUID } from 'node:crypto';
import { openJournal } from '../../main/services/journal/file-journal.ts';
import { makeJournalWorkers } from '../../tools/torture/journal-keys.ts';
import { RecordedFiles } from '../../tools/torture/recorded-files.ts';
import type { DeviceId } from '../../domain/identifiers.ts';
import type { Journal, OpenReport } from '../../main/services/journal/journal.ts';
import type { Role } from '../../domain/sync/operation.ts';

export const now = '2026-11-22T10:00:00.000Z';
export const directory = '/journal';

/** A journal on files in memory that can be closed, damaged and opened again. */
export class JournalOnFiles {
  files = new RecordedFiles();
  readonly workers = makeJournalWorkers();
  readonly deviceId = randomUUID() as string as DeviceId;
  clock = now;

  async open(role: Role | null = 'gp', userId?: string): Promise<{ journal: Journal; report: OpenReport }> {
    const opened = await openJournal({
      files: this.files,
      directory,
      escrow: this.workers.escrow,
      now: () => this.clock,
      deviceId: this.deviceId,
      withReserve: false,
    });
    if (role !== null) await opened.journal.unseal(this.workers.keysOf(role, userId));
    return opened;
  }

  /** The disk as it is, changed by hand. */
  async rewrite(change: (path: string, bytes: Uint8Array) => Uint8Array): Promise<void> {
    const disk = new Map<string, Uint8Array>();
    for (const name of await this.files.list(directory)) {
      const path = `${directory}/${name}`;
      disk.set(path, change(path, Uint8Array.from((await this.files.read(path)) ?? [])));
    }
    this.files = new RecordedFiles(disk);
  }
}
