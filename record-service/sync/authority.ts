import type { SignedOperation } from '../../domain/sync/operation.ts';
import { canonicalJson } from '../../domain/sync/canonical-json.ts';
import { mayAccessResource } from '../identity/access.ts';
import { activitiesOf } from '../identity/activities.ts';
import type { RecordTransaction } from '../store/record-store.ts';
import type { Certificates } from './certificates.ts';
import { GroupRefused } from './group-refused.ts';
import { isSignedBy } from './operation-proof.ts';
import { SyncError } from './service-error.ts';

/**
 * I11: each operation is signed by a key that the service certified for just this author, role, organisation and
 * device, and the author's activities allow it. Who carries it does not matter.
 * @throws GroupRefused `signature-invalid`, `author-not-authorised`; SyncError 403 `author-unknown` where the
 * certificate is not known here (a restored service): certify again and send again.
 */
export async function checkAuthority(
  transaction: RecordTransaction,
  certificates: Certificates,
  group: readonly SignedOperation[],
  now: Date,
): Promise<void> {
  for (const signed of group) {
    const { operation } = signed;
    const known = await certificates.find(transaction, signed.keyId);
    if (known === null) {
      throw new SyncError(
        403,
        'author-unknown',
        "The author's signing key is not known here. The work is kept; its author has to sign in once.",
      );
    }
    const { certificate, key } = known;
    const isTheirs =
      certificate.deviceId === operation.deviceId && known.author === canonicalJson(operation.author);
    if (!isTheirs || !isSignedBy(signed.hash, signed.signature, key)) {
      throw new GroupRefused(operation.opId, 'signature-invalid', 'The signature is not its author’s.');
    }
    if (certificate.notAfter !== undefined && !wasSignedInTime(signed, certificate.notAfter, now)) {
      throw new GroupRefused(
        operation.opId,
        'author-not-authorised',
        'The author’s role had ended when this was recorded.',
      );
    }
    const makes = operation.kind === 'create' || operation.kind === 'append';
    const author = { activities: activitiesOf(operation.author.role) };
    if (
      operation.after !== undefined &&
      !mayAccessResource(author, operation.after, makes ? 'create' : 'update')
    ) {
      throw new GroupRefused(
        operation.opId,
        'author-not-authorised',
        `A ${operation.author.role} may not record ${operation.after.resourceType}.`,
      );
    }
  }
}

/**
 * Work signed before the role's end stays valid, however late it arrives. The device's clock may make it too late,
 * never early enough against the service's own time that the device had heard of (I12).
 */
function wasSignedInTime({ operation }: SignedOperation, notAfter: string, now: Date): boolean {
  const end = Date.parse(notAfter);
  if (now.getTime() <= end) return true;
  const heard = operation.recordedAt.lastServiceTime;
  const latest = Math.max(
    Date.parse(operation.recordedAt.wallClock),
    heard === undefined ? 0 : Date.parse(heard),
  );
  return latest <= end;
}
