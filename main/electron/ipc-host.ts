import { ipcMain } from 'electron';
import type { IpcMainInvokeEvent, WebContents } from 'electron';
import * as v from 'valibot';
import { channelNames, channels, events } from '../../contract/ipc.ts';
import type { ChannelName, EventName, EventOf, Handlers } from '../../contract/ipc.ts';
import { bridgeErrorSchema } from '../../contract/channels/channel.ts';
import type { BridgeError } from '../../contract/channels/channel.ts';
import { failure } from '../../domain/result.ts';
import type { Result } from '../../domain/result.ts';
import type { Log } from '../services/log/log.ts';
import { origin } from './origin.ts';

const refused: BridgeError = {
  code: 'message-refused',
  message: 'The workspace sent something that this version does not understand.',
  lost: 'not-saved',
  remedy:
    'Your text stays on the screen. Close and open Gladstone; if it happens again, tell support this code.',
};

const faulty: BridgeError = {
  code: 'internal-error',
  message: 'Something went wrong inside Gladstone.',
  lost: 'unknown',
  remedy: 'Check in the sync centre whether the entry is there before you enter it again.',
};

/** A handler once its request was checked: the schema of its channel is what ties the two types. */
type Handle = (request: unknown) => Promise<Result<unknown, BridgeError>> | Result<unknown, BridgeError>;

/** Is this message from our own page, in the top frame of a window that we opened? */
function trusted(event: IpcMainInvokeEvent, windows: ReadonlySet<WebContents>): boolean {
  const frame = event.senderFrame;
  if (frame === null || frame.detached) return false;
  if (!windows.has(event.sender) || frame !== event.sender.mainFrame) return false;
  return frame.origin === origin;
}

export class IpcHost {
  readonly #windows = new Set<WebContents>();
  readonly #log: Log;

  constructor(log: Log) {
    this.#log = log;
  }

  admit(contents: WebContents): void {
    this.#windows.add(contents);
    contents.once('destroyed', () => this.#windows.delete(contents));
  }

  /** One handler a channel; sender, request and answer are checked around each. Calls wait for the handlers. */
  serve(handlers: Promise<Handlers>): void {
    for (const name of channelNames) {
      this.#serveOne(name, async (request) => await ((await handlers)[name] as Handle)(request));
    }
  }

  #serveOne(name: ChannelName, handle: Handle): void {
    ipcMain.handle(name, async (event, request: unknown): Promise<Result<unknown, BridgeError>> => {
      if (!trusted(event, this.#windows)) {
        this.#log.write('error', 'bridge.untrusted-sender', { channel: name });
        return failure(refused);
      }
      const parsed = v.safeParse(channels[name].request, request);
      if (!parsed.success) {
        this.#log.write('error', 'bridge.request-refused', { channel: name });
        return failure(refused);
      }
      try {
        const result = await handle(parsed.output);
        if (!result.ok) return failure(v.parse(bridgeErrorSchema, result.error));
        return { ok: true, value: v.parse(channels[name].answer, result.value) };
      } catch (error) {
        this.#log.write('error', 'bridge.handler-failed', {
          channel: name,
          kind: error instanceof Error ? error.name : typeof error,
          reason: error instanceof v.ValiError ? 'answer does not fit the schema' : undefined,
        });
        return failure(faulty);
      }
    });
  }

  /** Tells every window. An event that does not fit its schema is not sent. */
  tell<Name extends EventName>(name: Name, event: EventOf<Name>): void {
    const parsed = v.safeParse(events[name], event);
    if (!parsed.success) {
      this.#log.write('error', 'bridge.event-refused', { channel: name });
      return;
    }
    for (const contents of this.#windows) if (!contents.isDestroyed()) contents.send(name, parsed.output);
  }
}
