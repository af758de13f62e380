import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import * as v from 'valibot';
import { writeAtomically } from '../storage/atomic-file.ts';
import type { DurableFiles } from '../storage/durable-files.ts';

const fileName = 'bags.json';
const bagsFileSchema = v.object({
  format: v.literal(1),
  serviceUrl: v.nullable(v.string()),
  /** Opaque folder names under `bags/`, in order of first use. */
  folders: v.array(v.string()),
});
type BagsFile = v.InferOutput<typeof bagsFileSchema>;

/** Which record service is configured and which bags there are. */
export class BagFolders {
  readonly #files: DurableFiles;
  readonly #profile: string;
  #file: BagsFile;

  private constructor(files: DurableFiles, profile: string, file: BagsFile) {
    this.#files = files;
    this.#profile = profile;
    this.#file = file;
  }

  /** A file that cannot be read is rebuilt from the folders themselves; only the address has to be given again. */
  static async open(files: DurableFiles, profile: string): Promise<BagFolders> {
    const bytes = await files.read(join(profile, fileName));
    if (bytes !== null) {
      try {
        const parsed = v.parse(bagsFileSchema, JSON.parse(Buffer.from(bytes).toString('utf8')));
        return new BagFolders(files, profile, parsed);
      } catch {
        // Falls through to the folders.
      }
    }
    const folders = [...(await files.list(join(profile, 'bags')))];
    return new BagFolders(files, profile, { format: 1, serviceUrl: null, folders });
  }

  get serviceUrl(): string | null {
    return this.#file.serviceUrl;
  }

  /** Absolute paths. */
  get folders(): readonly string[] {
    return this.#file.folders.map((folder) => this.#path(folder));
  }

  newFolder(): string {
    return this.#path(randomBytes(12).toString('hex'));
  }

  async keepServiceUrl(serviceUrl: string): Promise<void> {
    await this.#write({ ...this.#file, serviceUrl });
  }

  async add(folder: string): Promise<void> {
    const name = folder.slice(join(this.#profile, 'bags').length + 1);
    await this.#write({ ...this.#file, folders: [...this.#file.folders, name] });
  }

  async remove(folder: string): Promise<void> {
    await this.#write({
      ...this.#file,
      folders: this.#file.folders.filter((name) => this.#path(name) !== folder),
    });
  }

  #path(folder: string): string {
    return join(this.#profile, 'bags', folder);
  }

  async #write(file: BagsFile): Promise<void> {
    await this.#files.makeDirectory(join(this.#profile, 'bags'));
    await writeAtomically(this.#files, join(this.#profile, fileName), Buffer.from(JSON.stringify(file)));
    this.#file = file;
  }
}
