import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import type { PushAnswer } from '../../contract/record-service.ts';
import { reviewTaskSystem } from '../../contract/review-task.ts';
import { parseExact, stringifyExact } from '../../domain/fhir/exact-json.ts';
import { canonicalJson, sameJson } from '../../domain/sync/canonical-json.ts';
import { withoutServiceMeta } from '../../domain/sync/element-diff.ts';
import { laneOf } from '../../domain/sync/operation.ts';
import type { Author, AuthorCertificate, Operation, SignedOperation } from '../../domain/sync/operation.ts';
import { buildService } from '../../record-service/build-service.ts';
import type { Service } from '../../record-service/build-service.ts';
import { activitiesOf } from '../../record-service/identity/activities.ts';
import { systemActor } from '../../record-service/identity/actor.ts';
import { openPostgres } from '../../record-service/store/postgres-engine.ts';
import { startPostgres } from '../../test/support/postgres.ts';
import type { ServiceCall, ServiceModel } from './service-model.ts';

/** The real service does otherwise than the model that the fuzzer plays on. */
export class ModelDiffers extends Error {
  constructor(what: string, model: unknown, real: unknown) {
    super(`${what}: the model ${JSON.stringify(model)}, the real service ${JSON.stringify(real)}`);
    this.name = 'ModelDiffers';
  }
}

/** The record service over a PostgreSQL of its own; a schedule is an organisation in it. */
export class RealService {
  readonly #service: Service;
  readonly #stop: () => Promise<void>;
  #organisations = 0;

  private constructor(service: Service, stop: () => Promise<void>) {
    this.#service = service;
    this.#stop = stop;
  }

  static async start(): Promise<RealService> {
    const cluster = await startPostgres();
    const dataFolder = mkdtempSync(join(tmpdir(), 'gladstone-fuzz-'));
    const service = await buildService({
      logger: pino({ level: 'silent' }),
      dataFolder,
      engine: openPostgres({
        connectionString: await cluster.createDatabase(),
        connections: 4,
        statementTimeout: 30_000,
        onIdleError: () => undefined,
      }),
      rateLimit: { perSecond: 1_000_000, burst: 1_000_000 },
      // The token says who it is: signing in is not what is played here.
      authenticate: (header, organisation) => {
        const author = JSON.parse(
          Buffer.from(header?.slice('Bearer '.length) ?? '', 'base64url').toString('utf8'),
        ) as Author;
        return Promise.resolve({ ...author, organisation, activities: activitiesOf(author.role) });
      },
    });
    return new RealService(service, async () => {
      await service.close();
      await cluster.stop();
      rmSync(dataFolder, { recursive: true, force: true });
    });
  }

  close(): Promise<void> {
    return this.#stop();
  }

  /** Asks the real service what the model was asked. @throws ModelDiffers */
  async replay(model: ServiceModel): Promise<void> {
    this.#organisations += 1;
    const practice = new RealPractice(this.#service, `F${String(this.#organisations).padStart(5, '0')}`);
    for (const call of model.calls) await practice.ask(call);
    await practice.compare(model);
  }
}

interface SigningAuthor {
  readonly author: Author;
  readonly keyId: string;
  readonly privateKey: KeyObject;
}

class RealPractice {
  readonly #service: Service;
  readonly #organisation: string;
  readonly #signers = new Map<string, SigningAuthor>();
  readonly #lastHashes = new Map<string, string>();
  readonly #signed = new Map<string, SignedOperation>();
  /** Position of the model's feed → the real one's, rising. */
  readonly #positions: { readonly model: number; readonly real: number }[] = [];

  constructor(service: Service, organisation: string) {
    this.#service = service;
    this.#organisation = organisation;
  }

  async ask(call: ServiceCall): Promise<void> {
    switch (call.call) {
      case 'write':
        await this.#asService(call.author, async (transaction) => {
          for (const resource of call.resources) {
            await transaction.write({ ...resource, meta: undefined }, 'any');
          }
        });
        break;
      case 'remove':
        await this.#asService(call.author, async (transaction) => {
          const [type = '', id = ''] = call.key.split('/');
          const standing = await transaction.read(type, id);
          if (standing !== undefined) await transaction.delete(type, id, standing.version);
        });
        break;
      case 'push':
        await this.#push(call.group, call.answer);
    }
    const real = await this.#service.store.withSnapshot(
      { organisation: this.#organisation, actor: systemActor(this.#organisation) },
      (reader) => reader.head(),
    );
    if (call.head > (this.#positions.at(-1)?.model ?? 0)) this.#positions.push({ model: call.head, real });
  }

  async #push(group: readonly SignedOperation[], expected: PushAnswer): Promise<void> {
    const operations: SignedOperation[] = [];
    for (const signed of group) operations.push(await this.#signAgain(signed));
    const first = operations[0];
    if (first === undefined) return;
    const { deviceId, author } = first.operation;
    const answer = await this.#post<PushAnswer>('ops', deviceId, author, { operations });
    const facts = (one: PushAnswer) => ({
      outcomes: one.outcomes.map((outcome) => ({
        outcome: outcome.outcome,
        ...('version' in outcome && { version: outcome.version }),
        ...('rule' in outcome && { rule: outcome.rule }),
        ...('code' in outcome && { code: outcome.code }),
        ...('conflictId' in outcome && { conflictId: outcome.conflictId }),
        ...('currentVersion' in outcome && { currentVersion: outcome.currentVersion }),
        ...('expectedLaneSeq' in outcome && { expectedLaneSeq: outcome.expectedLaneSeq }),
      })),
      findings: one.findings.map(({ code, resources }) => [code, ...[...resources].sort()].join(' ')).sort(),
      softConflicts: one.softConflicts,
    });
    const [model, real] = [facts(expected), facts(answer)];
    if (!sameJson(model, real)) throw new ModelDiffers(`push of ${first.operation.resource}`, model, real);
  }

  /** As the same person on the same device would have signed it for this service. Sent twice, it is the same. */
  async #signAgain({ operation }: SignedOperation): Promise<SignedOperation> {
    const known = this.#signed.get(`${operation.opId} ${operation.deviceId}`);
    if (known !== undefined) return known;
    const { author, keyId, privateKey } = await this.#signer(operation);
    const own: Operation = {
      ...operation,
      author,
      lane: laneOf(
        operation.deviceId,
        author,
        operation.patientId ?? (operation.lane.endsWith(':user') ? 'user' : 'org'),
      ),
      ...(operation.seen === undefined ? {} : { seen: this.#placeOf(operation.seen.position) }),
      previousHash: this.#lastHashes.get(operation.deviceId) ?? '',
    };
    const hash = createHash('sha256').update(canonicalJson(own)).digest('hex');
    const signature = sign('sha256', Buffer.from(hash), {
      key: privateKey,
      dsaEncoding: 'ieee-p1363',
    }).toString('base64url');
    const signed = { operation: own, hash, signature, keyId };
    this.#lastHashes.set(operation.deviceId, hash);
    this.#signed.set(`${operation.opId} ${operation.deviceId}`, signed);
    return signed;
  }

  async #signer({ deviceId, author: modelled }: Operation): Promise<SigningAuthor> {
    const name = `${deviceId} ${modelled.userId}`;
    const known = this.#signers.get(name);
    if (known !== undefined) return known;
    // What a role may record is tested elsewhere; in the model everybody may.
    const author: Author = {
      ...modelled,
      role: 'gp',
      organisation: this.#organisation as Author['organisation'],
    };
    await this.#post('devices', deviceId, author, { deviceId, label: 'Fuzzed computer' });
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const { keyId } = await this.#post<AuthorCertificate>(`devices/${deviceId}/authors`, deviceId, author, {
      publicKey: publicKey.export({ type: 'spki', format: 'der' }).toString('base64url'),
    });
    const signer = { author, keyId, privateKey };
    this.#signers.set(name, signer);
    return signer;
  }

  #placeOf(position: number): { readonly epoch: string; readonly position: number } {
    const reached = this.#positions.findLast(({ model }) => model <= position);
    return { epoch: this.#service.store.epoch, position: reached?.real ?? 0 };
  }

  async #post<Value>(path: string, deviceId: string, author: Author, body: unknown): Promise<Value> {
    const answer = await this.#service.app.inject({
      method: 'POST',
      url: `/sync/${this.#organisation}/${path}`,
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${Buffer.from(JSON.stringify(author)).toString('base64url')}`,
        'x-gladstone-device': deviceId,
      },
      payload: stringifyExact(body),
    });
    if (answer.statusCode !== 200) throw new ModelDiffers(path, 200, [answer.statusCode, answer.payload]);
    return parseExact(answer.payload) as Value;
  }

  async #asService(author: string, work: Parameters<Service['store']['withTransaction']>[1]): Promise<void> {
    const actor = { ...systemActor(this.#organisation), userId: author };
    await this.#service.store.withTransaction({ organisation: this.#organisation, actor }, work);
  }

  /** Every resource has as many versions as in the model, and the same words stand. */
  async compare(model: ServiceModel): Promise<void> {
    const keys = [...model.versions.keys()];
    const real = await this.#service.store.withSnapshot(
      { organisation: this.#organisation, actor: systemActor(this.#organisation) },
      (reader) =>
        reader.readMany(
          keys.map((key) => {
            const [type = '', id = ''] = key.split('/');
            return { type, id };
          }),
        ),
    );
    const byKey = new Map(real.map((version) => [`${version.type}/${version.id}`, version]));
    for (const key of keys) {
      const [mine, theirs] = [model.standing(key), byKey.get(key)];
      if (mine?.content?.includes(reviewTaskSystem) === true) {
        if (theirs === undefined) throw new ModelDiffers(key, 'a review task', 'none');
        continue;
      }
      if (mine?.version !== theirs?.version || mine?.deleted !== theirs?.deleted)
        throw new ModelDiffers(key, [mine?.version, mine?.deleted], [theirs?.version, theirs?.deleted]);
      if (!sameJson(wordsOf(mine?.content), wordsOf(theirs?.content)))
        throw new ModelDiffers(key, mine?.content, theirs?.content);
    }
  }
}

function wordsOf(content: string | null | undefined): unknown {
  return content == null ? null : withoutServiceMeta(parseExact(content));
}
