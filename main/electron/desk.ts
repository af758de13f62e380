import type { BrowserWindow } from 'electron';
import type { EventName, EventOf, Handlers } from '../../contract/ipc.ts';
import type { Settings } from '../../contract/channels/workspace.ts';
import type { Log } from '../services/log/log.ts';
import type { SettingsStore } from './settings-store.ts';

export interface DeskOptions {
  readonly profile: string;
  readonly log: Log;
  readonly settings: SettingsStore;
  readonly tell: <Name extends EventName>(name: Name, event: EventOf<Name>) => void;
  readonly window: () => BrowserWindow | undefined;
}

export interface Desk {
  readonly handlers: Handlers;
  connectCache(): void;
  settingsChanged(settings: Settings): void;
  lock(): Promise<void>;
  suspend(): Promise<void>;
  close(): Promise<void>;
}

export function composeDesk(_options: DeskOptions): Desk {
  const nobody = () => Promise.resolve();
  return {
    handlers: {} as Handlers,
    connectCache: () => undefined,
    settingsChanged: () => undefined,
    lock: nobody,
    suspend: nobody,
    close: nobody,
  };
}
