/** The system's keystore as a port; the desktop gives Electron's safeStorage (main/electron/keystore.ts). */
export interface Keystore {
  /** Names what seals now (`gnome_libsecret`, `keychain`, `dpapi` …); `none` where there is no real one. */
  backend(): Promise<string>;
  /** Both reject when the keystore refuses. */
  seal(content: Uint8Array): Promise<Uint8Array>;
  open(sealed: Uint8Array): Promise<Uint8Array>;
}

export const noBackend = 'none';
