import { failure, success } from '../../domain/result.ts';
import type { SignedOperation } from '../../domain/sync/operation.ts';
import type { TransportFailure } from '../../domain/sync/transport-failure.ts';
import type { PushAnswer } from '../../contract/record-service.ts';
import type { Answered, RecordServicePort } from '../../main/services/sync/ports.ts';
import type { PlantedBug } from './planted-bugs.ts';
import type { ServiceModel } from './service-model.ts';
import type { VirtualTime } from './virtual-time.ts';

/** How a device's way to the service behaves at the moment. */
export type LinkMood =
  | 'good'
  | 'offline'
  /** A portal answers everything with a page and 200. */
  | 'portal'
  /** Every other request is lost on the way, or its answer is, or it arrives twice. */
  | 'lossy'
  /** 500 for half of all requests. */
  | 'faulty'
  /** 429 with `Retry-After`. */
  | 'busy';

/** One device's way to the service. Each call is one message with a latency of its own. */
export class NetworkLink implements RecordServicePort {
  mood: LinkMood = 'good';
  signedIn = true;
  /** Whose session carries: any signed-in user of the device. */
  carrier = 'nobody';
  deviceId: () => string;
  readonly #service: ServiceModel;
  readonly #time: VirtualTime;
  readonly #chance: () => number;
  readonly #plant: PlantedBug | null;
  #cut = false;

  constructor(
    service: ServiceModel,
    time: VirtualTime,
    chance: () => number,
    deviceId: () => string,
    plant: PlantedBug | null,
  ) {
    this.#service = service;
    this.#time = time;
    this.#chance = chance;
    this.deviceId = deviceId;
    this.#plant = plant;
  }

  /** The process is gone: no answer reaches it any more. What was sent may still arrive. */
  cut(): void {
    this.#cut = true;
  }

  probe: RecordServicePort['probe'] = () =>
    this.#exchange(() => this.#service.probe(this.deviceId(), this.#time.nowMs));

  push: RecordServicePort['push'] = async (operations) => {
    const answer = await this.#exchange(() => this.#service.push(operations, this.carrier));
    if (this.#plant === 'lost-op' && !answer.ok && answer.error.kind === 'unreachable')
      return this.#pretend(operations);
    return answer;
  };

  lanes: RecordServicePort['lanes'] = (lanes) => this.#exchange(() => this.#service.lanes(lanes));

  changes: RecordServicePort['changes'] = (cursor, count) =>
    this.#exchange(() => this.#service.changes(cursor, Math.min(count, 3)));

  packs: RecordServicePort['packs'] = async (request, receive) => {
    for (const patientId of request.patients) {
      const pack = await this.#exchange(() => success(this.#service.pack(patientId)));
      if (!pack.ok) return pack;
      await receive(pack.value);
    }
    return success(undefined);
  };

  directory: RecordServicePort['directory'] = () => this.#exchange(() => this.#service.directory());
  manifest: RecordServicePort['manifest'] = () => this.#exchange(() => this.#service.manifest());
  escrow: RecordServicePort['escrow'] = (request) => this.#exchange(() => this.#service.takeEscrow(request));
  audit: RecordServicePort['audit'] = (request) =>
    this.#exchange(() => success({ accepted: request.events.length }));
  conflicts: RecordServicePort['conflicts'] = () =>
    this.#exchange(() => {
      const conflicts = this.#service.openConflicts;
      return success({ conflicts, open: conflicts.map(({ conflictId }) => conflictId) });
    });
  orderDone: RecordServicePort['orderDone'] = () =>
    this.#exchange(() => {
      this.#service.orders.delete(this.deviceId());
      return success(undefined);
    });

  async #exchange<Value>(serve: () => Answered<Value> | Promise<Answered<Value>>): Promise<Answered<Value>> {
    await this.#travel();
    const lost = this.mood === 'lossy' ? this.#chance() : 1;
    const blocked = this.#blocked();
    if (blocked !== null) return this.#arrive(failure(blocked));
    if (lost < 0.25) return this.#arrive(failure({ kind: 'unreachable' }));
    const answer = await serve();
    if (lost < 0.4) await serve();
    if (lost < 0.6) return this.#arrive(failure({ kind: 'unreachable' }));
    await this.#travel();
    // The line may have dropped after the service committed.
    return this.#arrive(this.mood === 'offline' ? failure({ kind: 'unreachable' }) : answer);
  }

  #blocked(): TransportFailure | null {
    switch (this.mood) {
      case 'offline':
        return { kind: 'unreachable' };
      case 'portal':
        return { kind: 'foreign-answer' };
      case 'busy':
        return { kind: 'status', status: 429, retryAfterMs: 5_000 };
      case 'faulty':
        if (this.#chance() < 0.5) return { kind: 'status', status: 500 };
        break;
      case 'good':
      case 'lossy':
        break;
    }
    return this.signedIn ? null : { kind: 'status', status: 401 };
  }

  #travel(): Promise<void> {
    return this.#time.delay(5 + this.#chance() * 40);
  }

  #arrive<Value>(answer: Value): Value | Promise<Value> {
    return this.#cut ? new Promise<Value>(() => undefined) : answer;
  }

  #pretend(operations: readonly SignedOperation[]): Answered<PushAnswer> {
    return success({
      outcomes: operations.map(({ operation }) => ({
        opId: operation.opId,
        outcome: 'applied',
        version: (operation.baseVersion ?? 0) + 1,
      })),
      position: this.#service.head,
      epoch: this.#service.epoch,
      durable: true,
      findings: [],
      softConflicts: [],
    });
  }
}
