import { copyFileSync, existsSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import Store from 'electron-store';
import * as v from 'valibot';
import { settingsSchema } from '../../contract/channels/workspace.ts';
import type { Settings } from '../../contract/channels/workspace.ts';

const defaultSettings: Settings = {
  theme: 'system',
  textSize: 14,
  contentProtection: false,
  // A release hands over to the system's browser (RFC 8252); elsewhere there may be none.
  signInWith: GLADSTONE_FLAVOUR === 'release' ? 'system-browser' : 'app-window',
  tourSeen: false,
  inactivityLockMinutes: 10,
};

/** Which file the settings came from; `defaults` after a file that could not be read was set aside. */
export type SettingsOrigin = 'settings' | 'backup' | 'defaults';

/**
 * Settings only: never a record, a key or a token. A file that cannot be read is set aside under another name, the
 * last good one takes its place, and only without that do defaults apply.
 */
export class SettingsStore {
  readonly #folder: string;
  #store: Store<{ settings: Settings }>;
  readonly origin: SettingsOrigin;

  constructor(folder: string) {
    this.#folder = folder;
    const opened = this.#open();
    this.#store = opened.store;
    this.origin = opened.origin;
  }

  get(): Settings {
    return this.#store.get('settings');
  }

  put(change: Partial<Settings>): Settings {
    const next = v.parse(settingsSchema, { ...this.get(), ...change });
    this.#store.set('settings', next);
    copyFileSync(this.#file('settings'), this.#file('settings.last-good'));
    return next;
  }

  #file(name: string): string {
    return join(this.#folder, `${name}.json`);
  }

  #open(): { store: Store<{ settings: Settings }>; origin: SettingsOrigin } {
    const main = this.#read();
    if (main !== undefined)
      return { store: main, origin: existsSync(this.#file('settings')) ? 'settings' : 'defaults' };
    renameSync(this.#file('settings'), this.#file(`settings.unreadable-${Date.now()}`));
    if (existsSync(this.#file('settings.last-good'))) {
      copyFileSync(this.#file('settings.last-good'), this.#file('settings'));
      const backup = this.#read();
      if (backup !== undefined) return { store: backup, origin: 'backup' };
      renameSync(this.#file('settings'), this.#file(`settings.unreadable-${Date.now()}-1`));
    }
    const fresh = this.#read();
    if (fresh === undefined) throw new Error('settings cannot be created');
    return { store: fresh, origin: 'defaults' };
  }

  #read(): Store<{ settings: Settings }> | undefined {
    try {
      const store = new Store<{ settings: Settings }>({
        name: 'settings',
        cwd: this.#folder,
        clearInvalidConfig: false,
        defaults: { settings: defaultSettings },
      });
      const merged = v.safeParse(settingsSchema, { ...defaultSettings, ...store.get('settings') });
      if (!merged.success) return undefined;
      store.set('settings', merged.output);
      return store;
    } catch {
      return undefined;
    }
  }
}
