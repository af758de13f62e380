/** The system's keystore, where there is a real one. The desktop gives Electron's safeStorage. */
export interface Keystore {
  /** Names what seals now (`gnome_libsecret`, `keychain`, `dpapi` …); null where there is none, or plain text only. */
  backend(): Promise<string | null>;
  /** Both reject when the keystore refuses. */
  seal(content: Uint8Array): Promise<Uint8Array>;
  unseal(sealed: Uint8Array): Promise<Uint8Array>;
}

/** For machines without a keystore: the passphrase alone opens. */
export const noKeystore: Keystore = {
  backend: () => Promise.resolve(null),
  seal: () => Promise.reject(new Error('no keystore')),
  unseal: () => Promise.reject(new Error('no keystore')),
};
