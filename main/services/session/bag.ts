import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { failure, success } from '../../../domain/result.ts';
import { OfflineAudit } from '../audit/offline-audit.ts';
import { openJournal } from '../journal/file-journal.ts';
import { Vault } from '../vault/vault.ts';
import type { DeviceId } from '../../../domain/identifiers.ts';
import type { Result } from '../../../domain/result.ts';
import type { EnrolledUser } from '../../../contract/channels/session.ts';
import type { DurableFiles } from '../storage/durable-files.ts';
import type { Journal, OpenReport, UnsealReport } from '../journal/journal.ts';
import type { UnlockedKeys } from '../vault/unlocked-keys.ts';
import type { VaultError, VaultOptions } from '../vault/vault.ts';

const journalFolder = 'journal';
const auditFolder = 'audit';

/** One organisation's bag on this computer: its vault, its journal and its audit queue, in a folder of their own. */
export class Bag {
  readonly folder: string;
  readonly vault: Vault;
  readonly journal: Journal;
  readonly audit: OfflineAudit;
  /** What opening the journal found. */
  readonly report: OpenReport;
  readonly #auditJournal: Journal;
  readonly #options: VaultOptions;

  private constructor(parts: {
    readonly folder: string;
    readonly vault: Vault;
    readonly journal: Journal;
    readonly auditJournal: Journal;
    readonly report: OpenReport;
    readonly options: VaultOptions;
  }) {
    this.folder = parts.folder;
    this.vault = parts.vault;
    this.journal = parts.journal;
    this.report = parts.report;
    this.#auditJournal = parts.auditJournal;
    this.#options = parts.options;
    this.audit = new OfflineAudit({
      journal: parts.auditJournal,
      now: () => new Date(parts.options.clock.wallMs()).toISOString(),
      newId: randomUUID,
    });
  }

  /** `options.directory` is the bag's folder. */
  static async open(options: VaultOptions): Promise<Result<Bag, VaultError>> {
    const vault = await Vault.open(options);
    return vault.ok ? success(await Bag.around(vault.value, options)) : failure(vault.error);
  }

  static async around(vault: Vault, options: VaultOptions): Promise<Bag> {
    const { device } = vault.file;
    const common = {
      files: options.files,
      escrow: { keyId: device.escrowKeyId, publicKey: device.escrowPublicKey },
      now: () => new Date(options.clock.wallMs()).toISOString(),
      deviceId: device.deviceId as DeviceId,
    };
    const { journal, report } = await openJournal({
      ...common,
      directory: join(options.directory, journalFolder),
    });
    const audit = await openJournal({
      ...common,
      directory: join(options.directory, auditFolder),
      withReserve: false,
    });
    return new Bag({
      folder: options.directory,
      vault,
      journal,
      auditJournal: audit.journal,
      report,
      options,
    });
  }

  get organisation(): string {
    return this.vault.file.organisation;
  }

  async unseal(keys: UnlockedKeys): Promise<UnsealReport> {
    const report = await this.journal.unseal(keys.journalKeys);
    await this.#auditJournal.unseal(keys.journalKeys);
    await this.audit.resume();
    return report;
  }

  /** Waits for writes under way, then forgets what was opened. */
  async seal(): Promise<void> {
    await this.journal.seal();
    await this.#auditJournal.seal();
  }

  async close(): Promise<void> {
    await this.journal.close();
    await this.#auditJournal.close();
  }

  /** Who can unlock here, with counts that are known while everything is sealed. */
  enrolled(): EnrolledUser[] {
    const { organisation, organisationName, users } = this.vault.file;
    const counts = this.journal.counts().byUser;
    return users.map(({ userId, practitionerId, name, role }) => ({
      userId,
      practitionerId,
      name,
      role,
      organisation,
      organisationName,
      warmUnlock: this.vault.canUnlockWarm(userId),
      unsentOperations: counts.get(userId)?.unsentOperations ?? 0,
      openDrafts: counts.get(userId)?.openDrafts ?? 0,
    }));
  }

  /** Keys first, then files. The caller holds the receipt for everything unsent. */
  async wipe(): Promise<void> {
    await this.vault.destroyKeys();
    await this.close();
    await removeSealedFiles(this.#options.files, this.folder);
  }
}

/** What a wiped bag leaves behind. Only for a bag whose keys are destroyed. */
export async function removeSealedFiles(files: DurableFiles, bag: string): Promise<void> {
  for (const folder of [journalFolder, auditFolder]) {
    for (const name of await files.list(join(bag, folder))) {
      await files.remove(join(bag, folder, name));
    }
    await files.syncDirectory(join(bag, folder));
  }
}
