import { createHash } from 'node:crypto';
import { canonicalJson } from '../../../domain/sync/canonical-json.ts';
import { laneOf } from '../../../domain/sync/operation.ts';
import type { DeviceId, OperationId } from '../../../domain/identifiers.ts';
import type { Lane, Operation, SignedOperation } from '../../../domain/sync/operation.ts';
import type { AuthorSigner, GroupToSave } from './journal.ts';

/** Where the device's numbers stand once everything durable is counted. */
export interface NumbersUsed {
  readonly deviceId: DeviceId;
  readonly lastDeviceSeq: number;
  readonly lastHash: string;
  readonly laneHeads: ReadonlyMap<Lane, { readonly laneSeq: number }>;
  /** The unsettled operation whose place in its lane a `skip` takes; undefined where there is none. */
  readonly skippedPlace: (opId: OperationId) => Pick<Operation, 'lane' | 'laneSeq'> | undefined;
}

/** Gives out the numbers of one batch; a batch that does not become durable has used none. */
export class Numbering {
  readonly #used: NumbersUsed;
  #deviceId: DeviceId;
  #deviceSeq: number;
  #hash: string;
  #laneHeads = new Map<Lane, number>();
  #places = new Map<OperationId, Pick<Operation, 'lane' | 'laneSeq'>>();

  constructor(used: NumbersUsed) {
    this.#used = used;
    this.#deviceId = used.deviceId;
    this.#deviceSeq = used.lastDeviceSeq;
    this.#hash = used.lastHash;
  }

  get deviceId(): DeviceId {
    return this.#deviceId;
  }

  get last(): { readonly deviceSeq: number; readonly hash: string } {
    return { deviceSeq: this.#deviceSeq, hash: this.#hash };
  }

  /** All further numbers are another device's, from the start. */
  beginDevice(deviceId: DeviceId): void {
    this.#deviceId = deviceId;
    this.#deviceSeq = 0;
    this.#hash = '';
  }

  /** Runs `work`, and takes its numbers back if it throws. */
  attempt<Value>(work: () => Value): Value {
    const before = [
      this.#deviceId,
      this.#deviceSeq,
      this.#hash,
      new Map(this.#laneHeads),
      new Map(this.#places),
    ] as const;
    try {
      return work();
    } catch (error) {
      [this.#deviceId, this.#deviceSeq, this.#hash, this.#laneHeads, this.#places] = before;
      throw error;
    }
  }

  signGroup(group: GroupToSave): readonly SignedOperation[] {
    return group.operations.map(({ subject, ...unnumbered }) =>
      this.signNext(
        { ...unnumbered, groupId: group.groupId, groupSize: group.operations.length },
        unnumbered.patientId ?? subject ?? 'org',
        group.signer,
      ),
    );
  }

  signNext(
    unnumbered: Omit<Operation, 'deviceId' | 'deviceSeq' | 'lane' | 'laneSeq' | 'previousHash' | 'author'>,
    subject: Parameters<typeof laneOf>[2],
    signer: AuthorSigner,
  ): SignedOperation {
    const lane = laneOf(this.#deviceId, signer.author, subject);
    const head = this.#laneHeads.get(lane) ?? this.#used.laneHeads.get(lane)?.laneSeq ?? 0;
    const place = unnumbered.skippedOpId === undefined ? undefined : this.#placeOf(unnumbered.skippedOpId);
    const laneSeq = place?.lane === lane ? place.laneSeq : head + 1;
    const operation: Operation = {
      ...unnumbered,
      author: signer.author,
      deviceId: this.#deviceId,
      deviceSeq: this.#deviceSeq + 1,
      lane,
      laneSeq,
      previousHash: this.#hash,
    };
    const hash = createHash('sha256').update(canonicalJson(operation)).digest('hex');
    const signed = { operation, hash, signature: signer.sign(hash), keyId: signer.keyId };
    this.#laneHeads.set(lane, Math.max(head, laneSeq));
    this.#places.set(operation.opId, { lane, laneSeq });
    this.#deviceSeq += 1;
    this.#hash = hash;
    return signed;
  }

  /** A renumbered operation stands where this batch has just put it. */
  #placeOf(opId: OperationId): Pick<Operation, 'lane' | 'laneSeq'> | undefined {
    return this.#places.get(opId) ?? this.#used.skippedPlace(opId);
  }
}

/** Who or what the lane is about: its last part. */
export function subjectOfLane(operation: Operation): Parameters<typeof laneOf>[2] {
  return operation.patientId ?? (operation.lane.endsWith(':user') ? 'user' : 'org');
}
