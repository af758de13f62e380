import type { Bridge } from '../../contract/ipc.ts';
import { connectBridge, type Host } from './bridge.ts';

export { watch, type Watched } from './watched.ts';

declare global {
  interface Window {
    /** Put there by the preload. */
    readonly gladstone?: Bridge;
  }
}

let connected: Host | undefined;

/** The window's one connection to main, made at the first use. */
export function host(): Host {
  if (connected) return connected;
  if (!window.gladstone) throw new Error('no bridge: this page only runs inside Gladstone');
  connected = connectBridge(window.gladstone);
  return connected;
}
