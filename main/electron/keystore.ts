import { safeStorage } from 'electron';
import { noBackend } from '../services/vault/keystore.ts';
import type { Keystore } from '../services/vault/keystore.ts';

/**
 * The system's keystore by Electron's asynchronous calls. A backend that keeps a plain text key is no backend, and
 * then the passphrase alone opens.
 */
export const systemKeystore: Keystore = {
  async backend() {
    if (!(await safeStorage.isAsyncEncryptionAvailable())) return noBackend;
    if (process.platform === 'darwin') return 'keychain';
    if (process.platform === 'win32') return 'dpapi';
    const backend = safeStorage.getSelectedStorageBackend();
    return backend === 'basic_text' || backend === 'unknown' ? noBackend : backend;
  },
  async seal(content) {
    return safeStorage.encryptStringAsync(Buffer.from(content).toString('base64'));
  },
  async open(sealed) {
    const { result } = await safeStorage.decryptStringAsync(Buffer.from(sealed));
    return Buffer.from(result, 'base64');
  },
};
