/** The bridge, built from contract/ipc.ts. Named functions only; no logic, no checks: those are on both sides of it. */
import { contextBridge, ipcRenderer } from 'electron';
import { cachePortMessage, channelNames, eventNames } from '../contract/ipc.ts';
import type { Bridge, ChannelName, EventName } from '../contract/ipc.ts';

const call = Object.fromEntries(
  channelNames.map((name) => [
    name,
    (request: unknown): Promise<unknown> => ipcRenderer.invoke(name, request),
  ]),
) as unknown as { [Name in ChannelName]: (request: unknown) => Promise<unknown> };

const on = Object.fromEntries(
  eventNames.map((name) => [
    name,
    (listener: (event: unknown) => void): (() => void) => {
      const receive = (_event: unknown, payload: unknown): void => {
        listener(payload);
      };
      ipcRenderer.on(name, receive);
      return () => {
        ipcRenderer.off(name, receive);
      };
    },
  ]),
) as unknown as { [Name in EventName]: (listener: (event: unknown) => void) => () => void };

contextBridge.exposeInMainWorld('gladstone', { call, on } satisfies Bridge);

/** A port cannot cross the context bridge: it goes on as a message to our own page alone. */
ipcRenderer.on(cachePortMessage, (event) => {
  window.postMessage(cachePortMessage, window.location.origin, [...event.ports]);
});
