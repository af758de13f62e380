import { join } from 'node:path';
import * as v from 'valibot';
import { failure, success } from '../../../domain/result.ts';
import { writeAtomically } from '../storage/atomic-file.ts';
import { bytesOf } from './vault-content.ts';
import { anyVaultFileSchema, vaultFileSchema, vaultFormat } from './vault-file.ts';
import type { Result } from '../../../domain/result.ts';
import type { DurableFiles } from '../storage/durable-files.ts';
import type { UserInFile, VaultFile } from './vault-file.ts';

export type VaultError =
  | { readonly code: 'newer-build-needed'; readonly writtenBy: string }
  | { readonly code: 'damaged' }
  | { readonly code: 'wiped' };

export interface VaultStoreOptions {
  readonly files: DurableFiles;
  /** The bag's folder. */
  readonly directory: string;
  /** Version of this build. */
  readonly build: string;
}

const fileName = 'vault.json';

/** The vault's one file, replaced whole. Changes take turns; what is in memory is what is on disk. */
export class VaultStore {
  readonly #options: VaultStoreOptions;
  #file: VaultFile;
  #writing: Promise<void> = Promise.resolve();

  private constructor(options: VaultStoreOptions, file: VaultFile) {
    this.#options = options;
    this.#file = file;
  }

  static async open(options: VaultStoreOptions): Promise<Result<VaultStore, VaultError>> {
    const bytes = await options.files.read(join(options.directory, fileName));
    if (bytes === null) return failure({ code: 'damaged' });
    let content: unknown;
    try {
      content = JSON.parse(Buffer.from(bytes).toString('utf8'));
    } catch {
      return failure({ code: 'damaged' });
    }
    const any = v.safeParse(anyVaultFileSchema, content);
    if (any.success && any.output.format > vaultFormat) {
      return failure({ code: 'newer-build-needed', writtenBy: any.output.writtenBy });
    }
    const parsed = v.safeParse(vaultFileSchema, content);
    if (!parsed.success) return failure({ code: 'damaged' });
    if (parsed.output.wiped) return failure({ code: 'wiped' });
    return success(new VaultStore(options, parsed.output));
  }

  /** The bag's folder is there already. */
  static async create(options: VaultStoreOptions, file: VaultFile): Promise<VaultStore> {
    const store = new VaultStore(options, file);
    await store.#write(file);
    return store;
  }

  get file(): VaultFile {
    return this.#file;
  }

  async updateUser(userId: string, change: Partial<UserInFile>): Promise<void> {
    await this.update((file) => ({
      ...file,
      users: file.users.map((user) => (user.userId === userId ? { ...user, ...change } : user)),
    }));
  }

  async update(change: (file: VaultFile) => VaultFile): Promise<void> {
    const turn = this.#writing.then(async () => {
      const next = { ...change(this.#file), writtenBy: this.#options.build };
      await this.#write(next);
      this.#file = next;
    });
    this.#writing = turn.catch(() => undefined);
    await turn;
  }

  async #write(file: VaultFile): Promise<void> {
    const path = join(this.#options.directory, fileName);
    await writeAtomically(this.#options.files, path, bytesOf(JSON.stringify(file)));
  }
}
