import { safeStorage } from 'electron';

/**
 * The system's keystore. A backend that keeps a plain text key is no backend: `none`, and the passphrase alone opens.
 */
export interface Keystore {
  /** Names the backend that seals now, e.g. `gnome_libsecret`, `keychain`, `dpapi`; `none` where there is no real one. */
  backend(): Promise<string>;
  seal(plain: Uint8Array): Promise<Uint8Array>;
  /** Throws where the keystore changed hands; the caller falls back to the passphrase. */
  open(sealed: Uint8Array): Promise<Uint8Array>;
}

export const systemKeystore: Keystore = {
  async backend() {
    if (!(await safeStorage.isAsyncEncryptionAvailable())) return 'none';
    if (process.platform === 'darwin') return 'keychain';
    if (process.platform === 'win32') return 'dpapi';
    const backend = safeStorage.getSelectedStorageBackend();
    return backend === 'basic_text' || backend === 'unknown' ? 'none' : backend;
  },
  async seal(plain) {
    return safeStorage.encryptStringAsync(Buffer.from(plain).toString('base64'));
  },
  async open(sealed) {
    const { result } = await safeStorage.decryptStringAsync(Buffer.from(sealed));
    return Buffer.from(result, 'base64');
  },
};
