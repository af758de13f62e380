import { createHash, generateKeyPairSync, randomUUID, sign, type KeyObject } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import type {
  ChangesPage,
  ConflictList,
  DirectoryAnswer,
  EnrolDeviceAnswer,
  ManifestAnswer,
  PackHeader,
  Probe,
  PushAnswer,
} from '../../contract/record-service.ts';
import { parseExact, stringifyExact } from '../../domain/fhir/exact-json.ts';
import type { DeviceId, GroupId, OperationId, PatientId, ResourceKey } from '../../domain/identifiers.ts';
import { canonicalJson } from '../../domain/sync/canonical-json.ts';
import {
  laneOf,
  type AuthorCertificate,
  type Operation,
  type OperationKind,
  type ResourceJson,
  type SignedOperation,
} from '../../domain/sync/operation.ts';

/** What one change says; the rest of its operation is the device's to fill in. */
export interface Change {
  readonly kind: OperationKind;
  readonly after?: ResourceJson;
  readonly resource?: string;
  readonly baseVersion?: number;
  readonly prevOpId?: string;
  readonly reason?: string;
  readonly skippedOpId?: string;
  readonly resolvesConflict?: string;
  readonly encounterId?: string;
}

export interface Answered<T> {
  readonly status: number;
  readonly body: T;
}

/** A person on a device as the record service sees them: keys, lanes, signatures, but no journal. */
export class SyncDevice {
  readonly deviceId = randomUUID() as DeviceId;
  readonly #base: string;
  #token: string;
  #keys: { readonly privateKey: KeyObject; readonly publicKey: string };
  #deviceSeq = 0;
  #previousHash = '';
  readonly #laneSeq = new Map<string, number>();
  certificate!: AuthorCertificate;
  enrolment!: EnrolDeviceAnswer;
  /** What the device says it had applied; absent until set. */
  seen: { epoch: string; position: number } | undefined;

  constructor(serviceUrl: string, organisation: string, accessToken: string) {
    this.#base = `${serviceUrl}/sync/${organisation}`;
    this.#token = accessToken;
    this.#keys = newKeys();
  }

  async enrol(): Promise<this> {
    const enrolled = await this.post<EnrolDeviceAnswer>('devices', {
      deviceId: this.deviceId,
      label: 'Test computer',
    });
    if (enrolled.status !== 200) throw new Error(`enrolment: ${JSON.stringify(enrolled)}`);
    this.enrolment = enrolled.body;
    await this.certify();
    return this;
  }

  async certify(): Promise<void> {
    const answer = await this.post<AuthorCertificate>(`devices/${this.deviceId}/authors`, {
      publicKey: this.#keys.publicKey,
    });
    if (answer.status !== 200) throw new Error(`certificate: ${JSON.stringify(answer)}`);
    this.certificate = answer.body;
  }

  /** Another person on this device. Lanes and numbers go on. */
  async changeUser(accessToken: string): Promise<void> {
    this.#token = accessToken;
    this.#keys = newKeys();
    await this.certify();
  }

  /** Another session carries what comes; the author stays. */
  carryWith(accessToken: string): void {
    this.#token = accessToken;
  }

  /** One signed save group, numbered and chained as the journal does it. */
  group(
    patientId: string | undefined,
    changes: readonly Change[],
    edit: (operation: Operation) => Operation = (o) => o,
  ): SignedOperation[] {
    const groupId = randomUUID() as GroupId;
    return changes.map((change) => {
      const { author } = this.certificate;
      const lane = laneOf(this.deviceId, author, (patientId as PatientId | undefined) ?? 'org');
      const laneSeq = (this.#laneSeq.get(lane) ?? 0) + 1;
      this.#laneSeq.set(lane, laneSeq);
      this.#deviceSeq += 1;
      const resource = change.resource ?? `${change.after?.resourceType ?? ''}/${change.after?.id ?? ''}`;
      const operation: Operation = {
        schemaVersion: 1,
        opId: randomUUID() as OperationId,
        deviceId: this.deviceId,
        deviceSeq: this.#deviceSeq,
        lane,
        laneSeq,
        author,
        groupId,
        groupSize: changes.length,
        ...(patientId === undefined ? {} : { patientId: patientId as PatientId }),
        kind: change.kind,
        resource: resource as ResourceKey,
        ...(change.after === undefined ? {} : { after: change.after }),
        ...(change.baseVersion === undefined ? {} : { baseVersion: change.baseVersion }),
        ...(change.prevOpId === undefined ? {} : { prevOpId: change.prevOpId as OperationId }),
        ...(change.reason === undefined ? {} : { reason: change.reason }),
        ...(change.skippedOpId === undefined ? {} : { skippedOpId: change.skippedOpId as OperationId }),
        ...(change.resolvesConflict === undefined ? {} : { resolvesConflict: change.resolvesConflict }),
        ...(change.encounterId === undefined ? {} : { encounterId: change.encounterId }),
        ...(this.seen === undefined ? {} : { seen: this.seen }),
        diff: [],
        recordedAt: { wallClock: new Date().toISOString(), monotonicMs: this.#deviceSeq },
        previousHash: this.#previousHash,
      };
      const signed = this.sign(edit(operation));
      this.#previousHash = signed.hash;
      return signed;
    });
  }

  sign(operation: Operation): SignedOperation {
    const hash = createHash('sha256').update(canonicalJson(operation)).digest('hex');
    const signature = sign('sha256', Buffer.from(hash), {
      key: this.#keys.privateKey,
      dsaEncoding: 'ieee-p1363',
    }).toString('base64url');
    return { operation, hash, signature, keyId: this.certificate.keyId };
  }

  send(operations: readonly SignedOperation[]): Promise<Answered<PushAnswer & { code?: string }>> {
    return this.post('ops', { operations });
  }

  /** Signs and sends one save group. */
  save(
    patientId: string | undefined,
    changes: readonly Change[],
  ): Promise<Answered<PushAnswer & { code?: string }>> {
    return this.send(this.group(patientId, changes));
  }

  probe(): Promise<Answered<Probe>> {
    return this.get('probe');
  }

  changes(epoch: string, position: number, count = 500): Promise<Answered<ChangesPage & { code?: string }>> {
    return this.get(`changes?epoch=${encodeURIComponent(epoch)}&position=${position}&count=${count}`);
  }

  directory(): Promise<Answered<DirectoryAnswer>> {
    return this.get('directory');
  }

  manifest(): Promise<Answered<ManifestAnswer>> {
    return this.get('manifest');
  }

  conflicts(patientId: string): Promise<Answered<ConflictList>> {
    return this.get(`conflicts?patient=${patientId}`);
  }

  async packs(
    epoch: string,
    patients: readonly string[],
    notBefore = 0,
  ): Promise<Answered<readonly ReceivedPack[]>> {
    const response = await fetch(`${this.#base}/packs`, {
      method: 'POST',
      headers: { ...this.#headers(), 'content-type': 'application/json' },
      body: JSON.stringify({ epoch, patients, notBefore }),
    });
    const bytes = Buffer.from(await response.arrayBuffer());
    return { status: response.status, body: response.status === 200 ? readFrames(bytes) : [] };
  }

  async get<T>(path: string): Promise<Answered<T>> {
    const response = await fetch(`${this.#base}/${path}`, { headers: this.#headers() });
    return { status: response.status, body: parseExact(await response.text()) as T };
  }

  async post<T>(path: string, body: unknown): Promise<Answered<T>> {
    const response = await fetch(`${this.#base}/${path}`, {
      method: 'POST',
      headers: { ...this.#headers(), 'content-type': 'application/json' },
      body: stringifyExact(body),
    });
    return { status: response.status, body: parseExact(await response.text()) as T };
  }

  #headers(): Record<string, string> {
    return { authorization: `Bearer ${this.#token}`, 'x-gladstone-device': this.deviceId };
  }
}

export interface ReceivedPack {
  readonly header: PackHeader;
  readonly resources: readonly ResourceJson[];
  /** The JSON text, decimals as written. */
  readonly text: string;
}

function readFrames(bytes: Buffer): ReceivedPack[] {
  const packs: ReceivedPack[] = [];
  for (let at = 0; at < bytes.length;) {
    const headerLength = bytes.readUInt32BE(at);
    const header = JSON.parse(bytes.subarray(at + 4, at + 4 + headerLength).toString('utf8')) as PackHeader;
    const bodyStart = at + 8 + headerLength;
    const bodyLength = bytes.readUInt32BE(at + 4 + headerLength);
    const text =
      bodyLength === 0
        ? '[]'
        : gunzipSync(bytes.subarray(bodyStart, bodyStart + bodyLength)).toString('utf8');
    packs.push({ header, text, resources: parseExact(text) as ResourceJson[] });
    at = bodyStart + bodyLength;
  }
  return packs;
}

function newKeys(): { readonly privateKey: KeyObject; readonly publicKey: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { privateKey, publicKey: publicKey.export({ type: 'spki', format: 'der' }).toString('base64url') };
}
