import type { PushAnswer } from '../../../contract/record-service.ts';
import { assertNever } from '../../../domain/result.ts';
import { backoffMs } from '../../../domain/sync/backoff.ts';
import type { Chance } from '../../../domain/sync/backoff.ts';
import { afterHandshake, lanesToCompare } from '../../../domain/sync/lane-handshake.ts';
import { nextRelease, sendableGroups } from '../../../domain/sync/outbox.ts';
import type { HoldReason, LaneHold, SaveGroup } from '../../../domain/sync/outbox.ts';
import { afterAnswer, afterFailure, holdWords } from '../../../domain/sync/push-answer.ts';
import type { PushAction } from '../../../domain/sync/push-answer.ts';
import type { GroupId, OperationId } from '../../../domain/identifiers.ts';
import type { Lane } from '../../../domain/sync/operation.ts';
import type { Connectivity } from './connectivity.ts';
import type { OutboxView } from './outbox-view.ts';
import type { Clock, DeviceKeeper, RecordServicePort } from './ports.ts';

export interface PushReport {
  readonly group: SaveGroup;
  readonly answer: PushAnswer;
}

export interface PusherParts {
  readonly client: Pick<RecordServicePort, 'push' | 'lanes'>;
  readonly outbox: OutboxView;
  readonly connectivity: Connectivity;
  readonly keeper: Pick<DeviceKeeper, 'forked'>;
  readonly clock: Clock;
  readonly chance: Chance;
  /** Lanes that send at the same time. Within a lane there is never more than one request. */
  readonly lanesAtOnce: number;
  /** After every answer that settled something; what came with it must be durable before the drain goes on. */
  readonly answered: (report: PushReport) => Promise<void>;
  /** The disk refused to keep an outcome. */
  readonly diskRefused: () => void;
}

/** At most this many operations are asked about in one handshake request. */
const handshakeBatch = 5_000;

/**
 * Sends what waits (sync.md, Push). {@link drain} is to be called by one caller at a time. It returns when nothing
 * may be sent for now, and never throws away an operation, whatever the service answers.
 */
export class Pusher {
  readonly #parts: PusherParts;
  readonly #holds = new Map<Lane, LaneHold>();
  /** Failures in a row of each lane, kept while its hold has run out and the next try is under way. */
  readonly #failures = new Map<Lane, number>();
  readonly #inFlight = new Set<GroupId>();
  #forkSeen = false;
  /** The history in which unsent work was signed anew because its signature was not known: once, never in a loop. */
  #signedAnewIn: string | null = null;
  #comparedEpoch: string | null = null;
  #serviceDurable = true;

  constructor(parts: PusherParts) {
    this.#parts = parts;
  }

  get holds(): ReadonlyMap<Lane, LaneHold> {
    return this.#holds;
  }

  get isSending(): boolean {
    return this.#inFlight.size > 0;
  }

  get serviceDurable(): boolean {
    return this.#serviceDurable;
  }

  /** When the first lane that backs off may go on, in milliseconds from now; null if none does. */
  get nextReleaseInMs(): number | null {
    const release = nextRelease(this.#holds);
    return release === null ? null : Math.max(0, release - this.#parts.clock.monotonicMs());
  }

  /** Whether the lanes were compared with this history's ledger, or need not be. */
  isCompared(epoch: string): boolean {
    return this.#comparedEpoch === epoch && lanesToCompare(this.#parts.outbox.entries(), epoch).length === 0;
  }

  /** Somebody unlocked, or signed in: their unsent work can be signed anew. */
  releaseForked(): void {
    for (const [lane, hold] of this.#holds) {
      if (hold.kind === 'person' && (hold.reason === 'forked' || hold.reason === 'uncertified'))
        this.release(lane);
    }
    this.#signedAnewIn = null;
  }

  /** A person said: try again. */
  release(lane: Lane): void {
    this.#holds.delete(lane);
    this.#failures.delete(lane);
  }

  async drain(): Promise<void> {
    const running = new Set<Promise<void>>();
    for (;;) {
      const epoch = this.#parts.connectivity.lastProbe?.epoch;
      if (this.#forkSeen) {
        // Not while anything is on its way: it would arrive under numbers that this device has just given up.
        if (running.size > 0) await Promise.race(running);
        else if (!(await this.#fork())) return;
        continue;
      }
      const mayStart = epoch !== undefined && this.#parts.connectivity.isConnected;
      if (mayStart && running.size === 0 && !this.isCompared(epoch) && !(await this.#compareLanes(epoch)))
        return;
      if (mayStart) this.#startGroups(running);
      if (running.size === 0) return;
      await Promise.race(running);
    }
  }

  #startGroups(running: Set<Promise<void>>): void {
    const free = this.#parts.lanesAtOnce - running.size;
    if (free <= 0) return;
    const sendable = sendableGroups({
      waiting: this.#parts.outbox.waiting(),
      inFlight: this.#inFlight,
      holds: this.#holds,
      monotonicMs: this.#parts.clock.monotonicMs(),
    });
    for (const group of sendable.slice(0, free)) {
      this.#inFlight.add(group.groupId);
      const sending = this.#send(group).finally(() => {
        this.#inFlight.delete(group.groupId);
        running.delete(sending);
      });
      running.add(sending);
    }
  }

  async #send(group: SaveGroup): Promise<void> {
    const { client, clock, chance, connectivity } = this.#parts;
    const answer = await client.push(group.operations);
    const context = {
      group,
      failures: this.#failures.get(group.lane) ?? 0,
      monotonicMs: clock.monotonicMs(),
      chance,
    };
    if (!answer.ok) {
      const actions = afterFailure(context, answer.error);
      for (const action of actions) await this.#carryOut(action, group);
      if (!isLaneMatter(actions)) connectivity.failed(answer.error);
      return;
    }
    this.#serviceDurable = answer.value.durable;
    if (answer.value.epoch !== connectivity.lastProbe?.epoch) this.#comparedEpoch = null;
    const actions = afterAnswer(context, answer.value);
    for (const action of actions) await this.#carryOut(action, group);
    if (actions.some((action) => action.do === 'settle')) {
      await this.#parts.answered({ group, answer: answer.value });
    }
  }

  async #carryOut(action: PushAction, group: SaveGroup): Promise<void> {
    const { outbox, clock } = this.#parts;
    switch (action.do) {
      case 'settle':
        if (!(await outbox.settle(action.settled, new Date(clock.wallMs()).toISOString()))) {
          this.#parts.diskRefused();
          this.#backOff(group.lane);
        }
        return;
      case 'reopen':
        return this.#reopen(action.lane, action.fromLaneSeq);
      case 'hold':
        this.#holds.set(action.lane, action.hold);
        if (action.hold.kind === 'until') this.#failures.set(action.lane, action.hold.failures);
        return;
      case 'release':
        // A hold that came with a failed write just now stays.
        if (this.#parts.outbox.waiting().every((signed) => signed.operation.groupId !== group.groupId)) {
          this.release(action.lane);
        }
        return;
      case 'fork': {
        const epoch = this.#parts.connectivity.lastProbe?.epoch ?? null;
        if (action.why === 'unknown' && this.#signedAnewIn === epoch) {
          this.#holdForPerson(group.lane, 'uncertified');
          return;
        }
        if (action.why === 'unknown') this.#signedAnewIn = epoch;
        this.#forkSeen = true;
        return;
      }
      case 'pause':
      case 'stop':
        // Connectivity hears of the failure itself and keeps the pause.
        return;
      default:
        assertNever(action);
    }
  }

  /**
   * Another copy of this profile used the same places. What the ledger knows by its id was sent by that copy, or by
   * this one before the copy was made: it is left as it is and answered again. Only the rest is numbered anew.
   */
  async #fork(): Promise<boolean> {
    const { client, outbox, connectivity, keeper } = this.#parts;
    if (!connectivity.isConnected) return false;
    const waiting = outbox.waiting();
    const lanes = new Map<Lane, OperationId[]>();
    for (const { operation } of waiting) {
      lanes.set(operation.lane, [...(lanes.get(operation.lane) ?? []), operation.opId]);
    }
    const answer = await client.lanes([...lanes].map(([lane, opIds]) => ({ lane, opIds })));
    if (!answer.ok) {
      connectivity.failed(answer.error);
      return false;
    }
    const lacking = new Set(answer.value.lanes.flatMap((lane) => lane.lacking));
    const opIds = waiting.map(({ operation }) => operation.opId).filter((opId) => lacking.has(opId));
    const forked = await keeper.forked(opIds);
    outbox.refresh();
    this.#forkSeen = false;
    this.#holds.clear();
    if (forked === 'done') return true;
    const left = new Set(outbox.waiting().map(({ operation }) => operation.lane));
    for (const { operation } of waiting) {
      if (lacking.has(operation.opId) && left.has(operation.lane))
        this.#holdForPerson(operation.lane, 'forked');
    }
    return true;
  }

  async #reopen(lane: Lane, fromLaneSeq: number): Promise<void> {
    const { outbox, connectivity } = this.#parts;
    const first = outbox.inLaneAt(lane, fromLaneSeq);
    const epoch = connectivity.lastProbe?.epoch;
    if (first === undefined) {
      this.#holdForPerson(lane, 'gap');
      return;
    }
    const refusedHere =
      first.settlement?.epoch === epoch &&
      (first.settlement?.outcome.outcome === 'rejected' || first.settlement?.outcome.outcome === 'skipped');
    if (refusedHere) {
      this.#holdForPerson(lane, 'refused');
      return;
    }
    const lost = outbox
      .entries()
      .filter(
        ({ signed, settlement }) =>
          signed.operation.lane === lane && signed.operation.laneSeq >= fromLaneSeq && settlement !== null,
      )
      .map(({ signed }) => signed.operation.opId);
    // The same gap again although nothing is settled beyond it: pause before the next try, never a tight loop.
    if (lost.length === 0 || !(await outbox.reopen(lost))) this.#backOff(lane);
  }

  /** True when every lane agrees with the ledger of this history and may be sent. */
  async #compareLanes(epoch: string): Promise<boolean> {
    const { client, outbox, connectivity } = this.#parts;
    const questions = lanesToCompare(outbox.entries(), epoch);
    for (let start = 0; start < questions.length;) {
      let end = start;
      for (
        let operations = 0;
        end < questions.length && (end === start || operations < handshakeBatch);
        end += 1
      ) {
        operations += questions[end]?.opIds.length ?? 0;
      }
      const asked = questions.slice(start, end);
      const answer = await client.lanes(asked);
      if (!answer.ok) {
        connectivity.failed(answer.error);
        return false;
      }
      if (answer.value.epoch !== epoch) {
        // The history changed once more: the next probe says which.
        connectivity.failed({ kind: 'unreachable' });
        return false;
      }
      const head = connectivity.lastProbe?.head ?? 0;
      const decision = afterHandshake(outbox.entries(), asked, answer.value, head);
      const written =
        (await outbox.reopen(decision.reopen)) &&
        (decision.confirm.length === 0 ||
          (await outbox.settle(decision.confirm, new Date(this.#parts.clock.wallMs()).toISOString())));
      if (!written) {
        this.#parts.diskRefused();
        return false;
      }
      // A lane that waited for a person has other work at its head now: that goes first.
      const reopened = new Set(decision.reopen);
      for (const { signed } of outbox.entries()) {
        if (reopened.has(signed.operation.opId)) this.release(signed.operation.lane);
      }
      start = end;
    }
    this.#comparedEpoch = epoch;
    return true;
  }

  #backOff(lane: Lane): void {
    const { clock, chance } = this.#parts;
    const failures = (this.#failures.get(lane) ?? 0) + 1;
    this.#failures.set(lane, failures);
    this.#holds.set(lane, {
      kind: 'until',
      failures,
      monotonicMs: clock.monotonicMs() + backoffMs(failures, chance),
    });
  }

  #holdForPerson(lane: Lane, reason: HoldReason): void {
    this.#holds.set(lane, { kind: 'person', reason, message: holdWords[reason] });
  }
}

function isLaneMatter(actions: readonly PushAction[]): boolean {
  return actions.every((action) => action.do === 'hold' || action.do === 'fork');
}
