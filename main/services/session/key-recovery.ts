import * as v from 'valibot';
import { recoverWrapInfo } from '../../../contract/sealed-frame.ts';
import type { RewrappedFrame } from '../../../contract/record-service.ts';
import { failure, success } from '../../../domain/result.ts';
import { publicKeyOf, makeKeyPair, unsealWithPrivateKey } from '../vault/sealing.ts';
import { keyBackupSchema } from '../vault/vault-content.ts';
import type { Result } from '../../../domain/result.ts';
import type { TransportFailure } from '../../../domain/sync/transport-failure.ts';
import type { RecordClient } from '../record-client/record-client.ts';
import type { Vault } from '../vault/vault.ts';

/** The person's own key for this bag from the escrow, after a fresh sign-in. */
export async function recoverPrivateKey(
  client: RecordClient,
  vault: Vault,
  userId: string,
): Promise<Result<Uint8Array, TransportFailure | 'no-backup'>> {
  const keys = await allPrivateKeys(client, vault.file.device.deviceId, userId);
  if (!keys.ok) return keys;
  const publicKey = vault.user(userId)?.publicKey;
  const fitting = keys.value.find((privateKey) => publicKeyOf(privateKey) === publicKey);
  return fitting === undefined ? failure('no-backup') : success(fitting);
}

/** Every key of the person that the escrow holds, wrapped to a key that was made for this one answer. */
export async function allPrivateKeys(
  client: RecordClient,
  deviceId: string,
  userId: string,
): Promise<Result<readonly Uint8Array[], TransportFailure>> {
  const recipient = makeKeyPair();
  const answer = await client.recover(deviceId, recipient.publicKey);
  if (!answer.ok) return failure(answer.error);
  const keys = openRewrapped(answer.value.backups, recipient.privateKey).flatMap((opened) => {
    const backup = v.safeParse(keyBackupSchema, JSON.parse(Buffer.from(opened).toString('utf8')));
    return backup.success && backup.output.userId === userId
      ? [Buffer.from(backup.output.privateKey, 'base64url')]
      : [];
  });
  return success(keys);
}

/** What opens of the escrow's answer; a damaged frame is left out, the others may open. */
export function openRewrapped(
  frames: readonly RewrappedFrame[],
  privateKey: Uint8Array,
): readonly Uint8Array[] {
  return frames.flatMap(({ frameId, ephemeralPublicKey, sealed }) => {
    try {
      return [
        unsealWithPrivateKey(
          privateKey,
          { ephemeralPublicKey, sealed: Buffer.from(sealed, 'base64url') },
          recoverWrapInfo,
          Buffer.from(frameId, 'ascii'),
        ),
      ];
    } catch {
      return [];
    }
  });
}
