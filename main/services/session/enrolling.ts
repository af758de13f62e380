import { randomUUID } from 'node:crypto';
import { failure, success } from '../../../domain/result.ts';
import { RecordClient } from '../record-client/record-client.ts';
import { makeAuthorKey } from '../vault/author-key.ts';
import { OnlineSession } from './online-session.ts';
import type { SignedInUser } from '../../../contract/channels/session.ts';
import type { EnrolDeviceAnswer } from '../../../contract/record-service.ts';
import type { Result } from '../../../domain/result.ts';
import type { AuthorCertificate } from '../../../domain/sync/operation.ts';
import type { TransportFailure } from '../../../domain/sync/transport-failure.ts';
import type { KeyPair } from '../vault/sealing.ts';
import type { Enrolment } from '../vault/vault.ts';
import type { Bag } from './bag.ts';
import type { IdentityClient, SignedIn, Tokens } from './identity-client.ts';
import type { SessionOptions } from './session-service.ts';

interface EnrollingParts {
  readonly options: SessionOptions;
  readonly signedIn: SignedIn;
  readonly serviceUrl: string;
  readonly syncBase: string;
  /** Null for an organisation that is new on this computer. */
  readonly bag: Bag | null;
  readonly identity: IdentityClient;
}

/**
 * An online sign-in whose person has not opened the bag since. The device is enrolled and the signing key certified
 * while the network is there; the passphrase can then be set without it. Nothing of it is on disk yet.
 */
export class Enrolling {
  readonly #parts: EnrollingParts;
  readonly client: RecordClient;
  readonly device: EnrolDeviceAnswer;
  readonly signedInAtMs: number;
  readonly #certificate: AuthorCertificate;
  readonly #signingKey: KeyPair;
  readonly #online: OnlineSession;

  private constructor(
    parts: EnrollingParts,
    client: RecordClient,
    online: OnlineSession,
    device: EnrolDeviceAnswer,
    certificate: AuthorCertificate,
    signingKey: KeyPair,
  ) {
    this.#parts = parts;
    this.client = client;
    this.#online = online;
    this.device = device;
    this.#certificate = certificate;
    this.#signingKey = signingKey;
    this.signedInAtMs = parts.options.clock.monotonicMs();
  }

  static async begin(parts: EnrollingParts): Promise<Result<Enrolling, TransportFailure>> {
    const { options, signedIn, serviceUrl, syncBase, bag, identity } = parts;
    const deviceId = bag?.vault.file.device.deviceId ?? randomUUID();
    const online = new OnlineSession(
      {
        identity,
        serviceUrl,
        monotonicMs: () => options.clock.monotonicMs(),
        keepRefreshToken: () => Promise.resolve(),
        changed: () => undefined,
      },
      null,
    );
    online.take(signedIn.tokens);
    const client = new RecordClient({
      fetch: options.fetch,
      syncBase,
      deviceId: () => deviceId,
      tokens: online,
    });
    const device = await client.enrolDevice(deviceId, options.deviceLabel);
    if (!device.ok) return failure(device.error);
    const signingKey = makeAuthorKey();
    const certificate = await client.certifyAuthor(deviceId, signingKey.publicKey);
    if (!certificate.ok) return failure(certificate.error);
    return success(new Enrolling(parts, client, online, device.value, certificate.value, signingKey));
  }

  get bag(): Bag | null {
    return this.#parts.bag;
  }

  /** As they are after what the client has renewed meanwhile. */
  get tokens(): Tokens {
    return { ...this.#parts.signedIn.tokens, refreshToken: this.#online.refreshToken };
  }

  get user(): SignedInUser {
    const { userId, practitionerId, name, role, organisation } = this.#certificate.author;
    const organisationName = this.#parts.bag?.vault.file.organisationName ?? organisation;
    return { userId, practitionerId, name, role, organisation, organisationName };
  }

  get enrolment(): Enrolment {
    return {
      certificate: this.#certificate,
      signingKey: this.#signingKey,
      refreshToken: this.#online.refreshToken,
      serviceTime: this.#parts.signedIn.serviceTime,
    };
  }

  get newBag(): {
    readonly organisation: string;
    readonly organisationName: string;
    readonly serviceUrl: string;
    readonly syncBase: string;
    readonly device: EnrolDeviceAnswer;
  } {
    const { signedIn, serviceUrl, syncBase } = this.#parts;
    const { organisation } = signedIn;
    return { organisation, organisationName: organisation, serviceUrl, syncBase, device: this.device };
  }

  isFor(bag: Bag, userId: string): boolean {
    return this.#parts.bag === bag && this.#parts.signedIn.userId === userId;
  }
}
