import * as v from 'valibot';
import { recoverWrapInfo } from '../../../contract/sealed-frame.ts';
import { failure, success } from '../../../domain/result.ts';
import { publicKeyOf, makeKeyPair, unsealWithPrivateKey } from '../vault/sealing.ts';
import { keyBackupSchema } from '../vault/vault.ts';
import type { Result } from '../../../domain/result.ts';
import type { TransportFailure } from '../../../domain/sync/transport-failure.ts';
import type { RecordClient } from '../record-client/record-client.ts';
import type { Vault } from '../vault/vault.ts';

/**
 * The person's own key from the escrow, after a fresh sign-in: wrapped to a key that was made for this one answer.
 * Several computers have their backups there; the one that fits this bag counts.
 */
export async function recoverPrivateKey(
  client: RecordClient,
  vault: Vault,
  userId: string,
): Promise<Result<Uint8Array, TransportFailure | 'no-backup'>> {
  const recipient = makeKeyPair();
  const answer = await client.recover(vault.file.device.deviceId, recipient.publicKey);
  if (!answer.ok) return failure(answer.error);
  for (const { frameId, ephemeralPublicKey, sealed } of answer.value.backups) {
    try {
      const opened = unsealWithPrivateKey(
        recipient.privateKey,
        { ephemeralPublicKey, sealed: Buffer.from(sealed, 'base64url') },
        recoverWrapInfo,
        Buffer.from(frameId, 'ascii'),
      );
      const backup = v.parse(keyBackupSchema, JSON.parse(Buffer.from(opened).toString('utf8')));
      const privateKey = Buffer.from(backup.privateKey, 'base64url');
      if (backup.userId === userId && publicKeyOf(privateKey) === vault.user(userId)?.publicKey) {
        return success(privateKey);
      }
    } catch {
      // Not this one: another device's, or damaged. The next may fit.
    }
  }
  return failure('no-backup');
}
