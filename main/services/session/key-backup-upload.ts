import { parseFrame } from '../journal/sealed-frame.ts';
import type { RecordClient } from '../record-client/record-client.ts';
import type { Vault } from '../vault/vault.ts';

/** Brings a person's key backup to the escrow, once it can be: without it a forgotten passphrase is for good. */
export class KeyBackupUpload {
  readonly #client: RecordClient;
  readonly #vault: Vault;
  readonly #userId: string;
  #done = false;

  constructor(client: RecordClient, vault: Vault, userId: string) {
    this.#client = client;
    this.#vault = vault;
    this.#userId = userId;
  }

  /** Nothing where it was received in this run; a failure is tried again at the next call. */
  async sendOnce(): Promise<void> {
    const waiting = this.#vault.user(this.#userId)?.keyBackupToSend;
    if (this.#done || waiting == null) return;
    this.#done = true;
    const frame = parseFrame(Buffer.from(waiting, 'base64url'));
    if (frame === null) return;
    const received = await this.#client.escrow({
      deviceId: this.#vault.file.device.deviceId,
      frames: [
        {
          frameId: frame.frameId,
          kind: 'key-backup',
          userId: this.#userId,
          since: frame.header.since,
          sealed: waiting,
        },
      ],
    });
    if (!received.ok || !received.value.received.includes(frame.frameId)) this.#done = false;
    // A service that keeps nothing for certain gets it again in the next run.
    else if (received.value.durable) await this.#vault.keyBackupReceived(this.#userId);
  }
}
