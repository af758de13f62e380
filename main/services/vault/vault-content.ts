import * as v from 'valibot';
import { keyFromSecret, newArgonParameters } from './passphrase.ts';
import { seal } from './sealing.ts';
import type { AuthorCertificate } from '../../../domain/sync/operation.ts';
import type { UserInFile } from './vault-file.ts';

/** What a key backup's body holds. */
export const keyBackupSchema = v.object({ userId: v.string(), privateKey: v.string() });

export async function sealedUnderSecret(
  secret: string,
  content: Uint8Array,
): Promise<UserInFile['passphrase']> {
  const parameters = newArgonParameters('passphrase');
  return { parameters, sealed: text(seal(await keyFromSecret(secret, parameters), content)) };
}

export function certificateInFile(certificate: AuthorCertificate): UserInFile['signing']['certificate'] {
  const { notAfter, ...rest } = certificate;
  return { ...rest, ...(notAfter !== undefined && { notAfter }) };
}

export function text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64url');
}

export function fromText(base64url: string): Uint8Array {
  return Buffer.from(base64url, 'base64url');
}

export function bytesOf(content: string): Uint8Array {
  return Buffer.from(content, 'utf8');
}
