import { authorSigner, verifySignature } from './author-key.ts';
import { deriveKey } from './sealing.ts';
import type { AuthorSigner, JournalKeys, Ring } from '../journal/journal.ts';
import type { UserInFile, VaultFile } from './vault-file.ts';

/** Everything that one person's unlocked vault lends; {@link forget} overwrites it. */
export interface UnlockedKeys {
  readonly user: UserInFile;
  readonly journalKeys: JournalKeys;
  readonly signer: AuthorSigner;
  /** For the cache worker: its own key (32 bytes, a fresh copy each time) and the database's opaque name. */
  cache(): { readonly database: string; readonly key: Uint8Array };
  /** For this person's own small secrets (refresh token, signing key, PIN). */
  readonly ownKey: Uint8Array;
  readonly privateKey: Uint8Array;
  readonly rings: readonly Ring[];
  forget(): void;
}

export function unlockedKeys(
  file: VaultFile,
  user: UserInFile,
  privateKey: Uint8Array,
  rings: readonly (Ring & { readonly generation: number })[],
  signingKey: Uint8Array,
): UnlockedKeys {
  const newestFirst = [...rings].sort((left, right) => right.generation - left.generation);
  const cacheRing = rings.find((ring) => ring.ringId === user.cacheRingId);
  if (cacheRing === undefined) throw new Error('the cache ring is not among the rings of its user');
  const ownKey = ownKeyOf(privateKey);
  const publicKeys = new Map(
    file.users.map(({ signing }) => [signing.certificate.keyId, signing.certificate.publicKey]),
  );
  let forgotten = false;
  const unlessForgotten = <Value>(value: Value | null | undefined): Value | null =>
    forgotten ? null : (value ?? null);
  return {
    user,
    privateKey,
    ownKey,
    rings,
    journalKeys: {
      sealingRing: (ringClass) => unlessForgotten(newestFirst.find((ring) => ring.ringClass === ringClass)),
      ring: (ringId) => unlessForgotten(rings.find((ring) => ring.ringId === ringId)),
      verify: (keyId, hash, signature) => {
        const publicKey = publicKeys.get(keyId);
        return publicKey === undefined ? null : verifySignature(publicKey, hash, signature);
      },
    },
    signer: authorSigner(signingKey, certificateOf(user)),
    cache: () => ({
      database: `bag-${Buffer.from(deriveKey(cacheRing.key, 'gladstone/cache-name/1')).toString('hex', 0, 12)}`,
      key: deriveKey(cacheRing.key, 'gladstone/cache/1'),
    }),
    forget() {
      forgotten = true;
      for (const secret of [ownKey, privateKey, signingKey, ...rings.map((ring) => ring.key)]) secret.fill(0);
    },
  };
}

export function ownKeyOf(privateKey: Uint8Array): Uint8Array {
  return deriveKey(privateKey, 'gladstone/own/1');
}

/** The schema's strings are the certificate's branded ids. */
function certificateOf(user: UserInFile): Parameters<typeof authorSigner>[1] {
  return user.signing.certificate as unknown as Parameters<typeof authorSigner>[1];
}
