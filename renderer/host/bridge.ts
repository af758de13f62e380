import * as v from 'valibot';
import {
  channels,
  events,
  type AnswerOf,
  type Bridge,
  type ChannelName,
  type EventName,
  type EventOf,
  type RequestOf,
} from '../../contract/ipc.ts';
import { bridgeErrorSchema, type BridgeError } from '../../contract/channels/channel.ts';
import { failure, success, type Result } from '../../domain/result.ts';

/** The checked side of the bridge: whatever main answers or tells has the contract's shape, or is an error. */
export interface Host {
  readonly call: <Name extends ChannelName>(
    name: Name,
    ...request: RequestOf<Name> extends undefined ? [] : [RequestOf<Name>]
  ) => Promise<Result<AnswerOf<Name>, BridgeError>>;
  /** Events that do not fit the contract are dropped and reported; the returned function ends the listening. */
  readonly on: <Name extends EventName>(name: Name, listener: (event: EventOf<Name>) => void) => () => void;
}

const outcomeSchema = v.variant('ok', [
  v.object({ ok: v.literal(true), value: v.optional(v.unknown()) }),
  v.object({ ok: v.literal(false), error: bridgeErrorSchema }),
]);

export function connectBridge(bridge: Bridge): Host {
  return {
    call: async (name, ...request) => {
      let answer: unknown;
      try {
        answer = await bridge.call[name](request[0]);
      } catch {
        return failure(brokenBridge(name));
      }
      const outcome = v.safeParse(outcomeSchema, answer);
      if (!outcome.success) return failure(misfit(name));
      if (!outcome.output.ok) return failure(outcome.output.error);
      const value = v.safeParse(channels[name].answer, outcome.output.value);
      return value.success ? success(value.output as AnswerOf<typeof name>) : failure(misfit(name));
    },
    on: (name, listener) =>
      bridge.on[name]((event) => {
        const told = v.safeParse(events[name], event);
        if (told.success) listener(told.output);
        else void bridge.call['crash.report']({ code: 'event-misfit', where: name });
      }),
  };
}

function brokenBridge(name: ChannelName): BridgeError {
  return {
    code: 'bridge-broken',
    message: `The window could not reach the program behind it (${name}).`,
    lost: 'unknown',
    remedy: 'Nothing that was marked “Saved” is lost. Try again; if it fails again, restart Gladstone.',
  };
}

function misfit(name: ChannelName): BridgeError {
  return {
    code: 'answer-misfit',
    message: `The answer to ${name} was not in the agreed form and was not used.`,
    lost: 'unknown',
    remedy: 'Check in the sync centre whether the work was saved before doing it again.',
  };
}
