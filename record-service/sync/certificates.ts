import type { KeyObject } from 'node:crypto';
import { canonicalJson } from '../../domain/sync/canonical-json.ts';
import type { AuthorCertificate } from '../../domain/sync/operation.ts';
import type { RecordReader } from '../store/record-store.ts';
import { findCertificate } from './devices.ts';
import { readPublicKey } from './operation-proof.ts';

/** A certificate of this service, ready to check signatures with. */
export interface KnownCertificate {
  readonly certificate: AuthorCertificate;
  /** Null where the certified key cannot be read: nothing is signed by it. */
  readonly key: KeyObject | null;
  /** Canonical JSON of its author. */
  readonly author: string;
}

const MOST = 2_000;

/**
 * Certificates that were found before: rows that are added and never changed, so they are read and their keys parsed
 * once. What a device or an author may do today is never remembered here.
 */
export class Certificates {
  readonly #epoch: () => string;
  readonly #known = new Map<string, KnownCertificate>();

  /** @param epoch of the service: what another history certified counts for nothing in this one */
  constructor(epoch: () => string) {
    this.#epoch = epoch;
  }

  async find(reader: RecordReader, keyId: string): Promise<KnownCertificate | null> {
    const name = JSON.stringify([this.#epoch(), reader.organisation, keyId]);
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    const certificate = await findCertificate(reader, keyId);
    if (certificate === null) return null;
    const found = {
      certificate,
      key: readPublicKey(certificate.publicKey),
      author: canonicalJson(certificate.author),
    };
    const [oldest] = this.#known.keys();
    if (this.#known.size >= MOST && oldest !== undefined) this.#known.delete(oldest);
    this.#known.set(name, found);
    return found;
  }
}
