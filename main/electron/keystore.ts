import { safeStorage } from 'electron';
import { noBackend } from '../services/vault/keystore.ts';
import type { Keystore } from '../services/vault/keystore.ts';

/**
 * The system's keystore by Electron's asynchronous calls. A backend that keeps a plain text key is no backend, and
 * then the passphrase alone opens.
 */
export const systemKeystore: Keystore = {
  async backend() {
    if (!(await isReached())) return noBackend;
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

const tries = 30;
const pauseMs = 50;

/**
 * Electron answers "no" until it has reached the keystore, and the first question is what makes it try. Where the
 * system has none, Linux says so at once.
 */
async function isReached(): Promise<boolean> {
  for (let left = tries; left > 0; left -= 1) {
    if (await safeStorage.isAsyncEncryptionAvailable()) return true;
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- the asynchronous question cannot tell "none" from "not yet"
    if (process.platform === 'linux' && !safeStorage.isEncryptionAvailable()) return false;
    await new Promise((resume) => setTimeout(resume, pauseMs));
  }
  return false;
}
