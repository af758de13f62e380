import type { EscrowRequest } from '../../../contract/record-service.ts';
import { nextEscrowBatch } from '../../../domain/sync/escrow.ts';
import type { EscrowCandidate } from '../../../domain/sync/escrow.ts';
import { classifyFailure } from '../../../domain/sync/transport-failure.ts';
import type { SealedFrame } from '../journal/journal-entry.ts';
import type { Connectivity } from './connectivity.ts';
import type { RecordServicePort, SyncJournal } from './ports.ts';

const mostFrames = 100;
const mostBytes = 2_000_000;

/**
 * Carries sealed frames to the escrow as they lie: drafts always, unsent operations when they cannot be sent as
 * operations. Nobody opens a frame on the way.
 */
export class EscrowUpload {
  readonly #client: Pick<RecordServicePort, 'escrow'>;
  readonly #journal: Pick<SyncJournal, 'sealedFrames' | 'recordReceipt' | 'deviceId'>;
  readonly #connectivity: Connectivity;
  /** Taken by a service that does not promise to keep them: not sent again in this run of the program. */
  readonly #receivedForNow = new Set<string>();

  constructor(
    client: Pick<RecordServicePort, 'escrow'>,
    journal: Pick<SyncJournal, 'sealedFrames' | 'recordReceipt' | 'deviceId'>,
    connectivity: Connectivity,
  ) {
    this.#client = client;
    this.#journal = journal;
    this.#connectivity = connectivity;
  }

  /**
   * Uploads what is due. `everything` takes unsent operations too, and all of them again whatever receipts say.
   * @returns `durable` when the service keeps every frame for certain, `received` when it has them all but may
   * lose them, `failed` otherwise.
   */
  async upload(everything: boolean): Promise<'durable' | 'received' | 'failed'> {
    const frames = await this.#journal.sealedFrames(everything ? 'unsent' : 'without-receipt');
    const byId = new Map(frames.map((frame) => [frame.frameId, frame]));
    const candidates = frames.map(candidateOf);
    const received = new Set(everything ? [] : this.#receivedForNow);
    let durable = true;
    let most = mostFrames;
    for (;;) {
      const batch = nextEscrowBatch({
        candidates,
        received,
        withOperations: everything,
        mostBytes,
        mostFrames: most,
      });
      if (batch.length === 0) return durable ? 'durable' : 'received';
      const answer = await this.#client.escrow({
        deviceId: this.#journal.deviceId,
        frames: batch.flatMap(({ frameId }) => {
          const frame = byId.get(frameId);
          return frame === undefined ? [] : [wireFrame(frame)];
        }),
      });
      if (!answer.ok) {
        if (classifyFailure(answer.error) === 'too-large' && batch.length > 1) {
          most = Math.ceil(batch.length / 2);
          continue;
        }
        this.#connectivity.failed(answer.error);
        return 'failed';
      }
      const taken = answer.value.received.filter((frameId) => byId.has(frameId));
      if (taken.length === 0) return 'failed';
      for (const frameId of taken) received.add(frameId);
      if (answer.value.durable) await this.#journal.recordReceipt(taken);
      else {
        durable = false;
        for (const frameId of taken) this.#receivedForNow.add(frameId);
      }
    }
  }
}

function candidateOf(frame: SealedFrame): EscrowCandidate {
  return {
    frameId: frame.frameId,
    kind: frame.kind,
    bytes: frame.bytes.byteLength,
    ended: frame.ended,
    ...(frame.draftId === null ? {} : { draftId: frame.draftId }),
  };
}

function wireFrame(frame: SealedFrame): EscrowRequest['frames'][number] {
  return {
    frameId: frame.frameId,
    kind: frame.kind,
    userId: frame.userId,
    since: frame.since,
    sealed: Buffer.from(frame.bytes.buffer, frame.bytes.byteOffset, frame.bytes.byteLength).toString(
      'base64url',
    ),
    ...(frame.ended ? { ended: true } : {}),
  };
}
