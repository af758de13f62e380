import type { AnswerOf, ChannelName, EventName, EventOf } from '../../contract/ipc.ts';
import type { BridgeError } from '../../contract/channels/channel.ts';
import type { Result } from '../../domain/result.ts';
import type { Host } from './bridge.ts';

/** A value that main owns: asked for once, then followed by its event. `undefined` until the first answer. */
export interface Watched<Value> {
  readonly current: () => Value | undefined;
  readonly error: () => BridgeError | undefined;
  readonly subscribe: (listener: () => void) => () => void;
  /** Takes over the answer of a call that returns the same value, without waiting for the event. */
  readonly accept: (answer: Result<Value, BridgeError>) => Result<Value, BridgeError>;
}

/** The calls that ask for nothing and answer the same shape as an event tells. */
type StateChannel<Event extends EventName> = {
  [Name in ChannelName]: AnswerOf<Name> extends EventOf<Event> ? Name : never;
}[ChannelName];

export function watch<Event extends EventName>(
  host: Host,
  ask: StateChannel<Event>,
  event: Event,
): Watched<EventOf<Event>> {
  let value: EventOf<Event> | undefined;
  let fault: BridgeError | undefined;
  let asked = false;
  const listeners = new Set<() => void>();
  const tell = () => {
    for (const listener of listeners) listener();
  };
  const accept = (answer: Result<EventOf<Event>, BridgeError>) => {
    if (answer.ok) {
      value = answer.value;
      fault = undefined;
      tell();
    }
    return answer;
  };
  const start = async () => {
    host.on(event, (next) => {
      value = next;
      fault = undefined;
      tell();
    });
    const call = host.call as (name: ChannelName) => Promise<Result<unknown, BridgeError>>;
    const answer = (await call(ask)) as Result<EventOf<Event>, BridgeError>;
    if (value !== undefined) return;
    if (answer.ok) accept(answer);
    else {
      fault = answer.error;
      tell();
    }
  };
  return {
    current: () => value,
    error: () => fault,
    accept,
    subscribe: (listener) => {
      listeners.add(listener);
      if (!asked) {
        asked = true;
        void start();
      }
      return () => listeners.delete(listener);
    },
  };
}
