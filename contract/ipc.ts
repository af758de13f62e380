/**
 * The one map of everything that crosses between renderer and main. Main checks sender and request, and its own
 * answer before it leaves; renderer/host checks answers and events. What does not fit is refused on both sides.
 */
import type * as v from 'valibot';
import { alarmChannels, alarmEvents } from './channels/alarm.ts';
import { practiceChannels } from './channels/practice.ts';
import { recordChannels } from './channels/record.ts';
import { sessionChannels, sessionEvents } from './channels/session.ts';
import { syncChannels, syncEvents } from './channels/sync.ts';
import { workspaceChannels, workspaceEvents } from './channels/workspace.ts';
import type { BridgeError } from './channels/channel.ts';
import type { Result } from '../domain/result.ts';

export const channels = {
  ...sessionChannels,
  ...recordChannels,
  ...syncChannels,
  ...alarmChannels,
  ...practiceChannels,
  ...workspaceChannels,
};
export const events = {
  ...sessionEvents,
  ...syncEvents,
  ...alarmEvents,
  ...workspaceEvents,
};

export type ChannelName = keyof typeof channels;
export type EventName = keyof typeof events;
export type RequestOf<Name extends ChannelName> = v.InferOutput<(typeof channels)[Name]['request']>;
export type AnswerOf<Name extends ChannelName> = v.InferOutput<(typeof channels)[Name]['answer']>;
export type EventOf<Name extends EventName> = v.InferOutput<(typeof events)[Name]>;

export const channelNames = Object.keys(channels) as readonly ChannelName[];
export const eventNames = Object.keys(events) as readonly EventName[];

/** What main must provide: one handler a channel. Expected failures are returned; a throw is a bug. */
export type Handlers = {
  readonly [Name in ChannelName]: (
    request: RequestOf<Name>,
  ) => Promise<Result<AnswerOf<Name>, BridgeError>> | Result<AnswerOf<Name>, BridgeError>;
};

/** What the preload puts on `window.gladstone`: named functions, never `ipcRenderer`. Untrusted until checked. */
export interface Bridge {
  readonly call: { readonly [Name in ChannelName]: (request: unknown) => Promise<unknown> };
  readonly on: { readonly [Name in EventName]: (listener: (event: unknown) => void) => () => void };
}

/** The window message that carries the port to the cache worker, posted with the page's own origin. */
export const cachePortMessage = 'gladstone:cache-port';
