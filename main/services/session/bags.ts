import { noBackend } from '../vault/keystore.ts';
import { Vault } from '../vault/vault.ts';
import { BagFolders } from './bag-folders.ts';
import { Bag, removeSealedFiles } from './bag.ts';
import type { EnrolledUser, SessionState } from '../../../contract/channels/session.ts';
import type { VaultError, VaultOptions } from '../vault/vault.ts';
import type { Enrolling } from './enrolling.ts';
import type { SessionOptions } from './session-service.ts';

type BagsOptions = Pick<
  SessionOptions,
  'profile' | 'files' | 'keystore' | 'clock' | 'build' | 'forgetCopies'
>;

/** The bags of this computer, one an organisation and service, each sealed until somebody of it unlocks. */
export class Bags {
  readonly #options: BagsOptions;
  readonly #folders: BagFolders;
  #bags: readonly Bag[] = [];
  /** Bags that could not be opened, with the reason. */
  readonly unopened: VaultError[] = [];
  keystore: SessionState['keystore'] = 'none';

  private constructor(options: BagsOptions, folders: BagFolders) {
    this.#options = options;
    this.#folders = folders;
  }

  static async open(options: BagsOptions): Promise<Bags> {
    const bags = new Bags(options, await BagFolders.open(options.files, options.profile));
    await bags.#openAll();
    return bags;
  }

  get all(): readonly Bag[] {
    return this.#bags;
  }

  /** The address of the record service; null where none was ever given. */
  get serviceUrl(): string | null {
    return this.#folders.serviceUrl;
  }

  get enrolled(): readonly EnrolledUser[] {
    return this.#bags.flatMap((bag) => bag.enrolled());
  }

  keepServiceUrl(serviceUrl: string): Promise<void> {
    return this.#folders.keepServiceUrl(serviceUrl);
  }

  find(organisation: string, serviceUrl: string): Bag | null {
    return (
      this.#bags.find(
        (bag) => bag.organisation === organisation && bag.vault.file.serviceUrl === serviceUrl,
      ) ?? null
    );
  }

  /** Where this person has a key. */
  ofUser(organisation: string, userId: string): Bag | undefined {
    return this.#bags.find(
      (bag) => bag.organisation === organisation && bag.vault.user(userId) !== undefined,
    );
  }

  async create(content: Enrolling['newBag']): Promise<Bag> {
    const folder = this.#folders.newFolder();
    const options = this.#vaultOptions(folder);
    const bag = await Bag.around(await Vault.create(options, content), options);
    await this.#folders.add(folder);
    this.#bags = [...this.#bags, bag];
    return bag;
  }

  /** The practice ordered it; the caller holds the receipt for everything unsent. */
  async wipe(bag: Bag): Promise<void> {
    await bag.wipe();
    this.#bags = this.#bags.filter((candidate) => candidate !== bag);
    await this.#forget(bag.folder);
  }

  async keepLeases(): Promise<void> {
    for (const bag of this.#bags) await bag.vault.keepLeases();
  }

  forgetWarmKeys(): void {
    for (const bag of this.#bags) bag.vault.forgetWarmKeys();
  }

  async close(): Promise<void> {
    await this.keepLeases();
    for (const bag of this.#bags) await bag.close();
  }

  async #openAll(): Promise<void> {
    const { keystore, files } = this.#options;
    this.keystore = (await keystore.backend()) === noBackend ? 'none' : 'system';
    for (const folder of this.#folders.folders) {
      const bag = await Bag.open(this.#vaultOptions(folder));
      if (bag.ok) {
        await bag.value.vault.checkKeystore();
        this.#bags = [...this.#bags, bag.value];
      } else if (bag.error.code === 'wiped') {
        // Its keys are gone; the program ended before the rest was.
        await removeSealedFiles(files, folder);
        await this.#forget(folder);
      } else {
        this.unopened.push(bag.error);
      }
    }
  }

  /** The folder leaves the list last: a crash before that is made up for at the next start. */
  async #forget(folder: string): Promise<void> {
    const others = this.#folders.folders.some((one) => one !== folder);
    // One organisation's order never takes another's copy along; its own opens for nobody until the last one goes.
    try {
      if (!others) await this.#options.forgetCopies();
    } catch {
      // A file in use, say: the folder stays on the list, and the next start tries again.
      return;
    }
    await this.#folders.remove(folder);
  }

  #vaultOptions(directory: string): VaultOptions {
    const { files, keystore, clock, build } = this.#options;
    return {
      files,
      keystore,
      build,
      directory,
      clock: { wallMs: () => clock.wallMs(), monotonicMs: () => clock.monotonicMs() },
    };
  }
}
