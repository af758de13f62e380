import { randomBytes } from 'node:crypto';
import { CannotOpen, randomKey, sealToPublicKey, unsealWithPrivateKey } from './sealing.ts';
import type { Role } from '../../../domain/sync/operation.ts';
import type { Ring, RingClass } from '../journal/journal.ts';
import type { RingInFile } from './vault-file.ts';

const wrapInfo = 'gladstone/ring-to-user/1';

/** A person whom a ring may be wrapped to. */
export interface RingHolder {
  readonly userId: string;
  readonly role: Role;
  readonly publicKey: string;
}

/** Which classes a role opens: a receptionist on the same computer opens no clinical ring. */
export function ringClassesOf(holder: Pick<RingHolder, 'userId' | 'role'>): readonly RingClass[] {
  const own: RingClass = `drafts:${holder.userId}`;
  switch (holder.role) {
    case 'gp':
    case 'nurse':
    case 'locum':
      return ['directory', 'clinical', own];
    case 'receptionist':
    case 'administrator':
      return ['directory', own];
  }
}

/**
 * A new ring of a class, wrapped to everybody entitled. Needed at enrolment, when nobody who holds the older ring
 * is at work: the new person starts with a ring of their own and gets the older one at a holder's next unlock.
 */
export function makeRing(
  ringClass: RingClass,
  rings: readonly RingInFile[],
  holders: readonly RingHolder[],
): RingInFile {
  const ofClass = rings.filter((ring) => ring.ringClass === ringClass);
  const made: RingInFile = {
    ringId: randomBytes(12).toString('hex'),
    ringClass,
    generation: Math.max(0, ...ofClass.map((ring) => ring.generation)) + 1,
    wraps: [],
  };
  return wrapToEntitled(made, { ringId: made.ringId, ringClass, key: randomKey() }, holders);
}

/** Adds the wraps that are missing and takes away those of people who may no longer open it. */
export function wrapToEntitled(ring: RingInFile, opened: Ring, holders: readonly RingHolder[]): RingInFile {
  const entitled = holders.filter((holder) => ringClassesOf(holder).includes(ring.ringClass));
  const wraps = entitled.map((holder) => {
    const known = ring.wraps.find((wrap) => wrap.userId === holder.userId);
    if (known !== undefined) return known;
    const { ephemeralPublicKey, sealed } = sealToPublicKey(
      holder.publicKey,
      opened.key,
      wrapInfo,
      Buffer.from(ring.ringId),
    );
    return { userId: holder.userId, ephemeralPublicKey, sealed: Buffer.from(sealed).toString('base64url') };
  });
  return { ...ring, wraps };
}

/** The rings that a person's key opens. Throws {@link CannotOpen} where a wrap does not fit its person. */
export function openRings(
  rings: readonly RingInFile[],
  userId: string,
  privateKey: Uint8Array,
): readonly (Ring & { readonly generation: number })[] {
  return rings.flatMap(({ ringId, ringClass, generation, wraps }) => {
    const wrap = wraps.find((candidate) => candidate.userId === userId);
    if (wrap === undefined) return [];
    const sealed = {
      ephemeralPublicKey: wrap.ephemeralPublicKey,
      sealed: Buffer.from(wrap.sealed, 'base64url'),
    };
    const key = unsealWithPrivateKey(privateKey, sealed, wrapInfo, Buffer.from(ringId));
    if (key.length !== 32) throw new CannotOpen();
    return [{ ringId, ringClass, generation, key }];
  });
}
