import { createHash } from 'node:crypto';
import * as v from 'valibot';
import type {
  ChangesPage,
  ConflictList,
  Cursor,
  DirectoryAnswer,
  EscrowReceipt,
  LaneHandshakeAnswer,
  ManifestAnswer,
  PacksRequest,
  Probe,
  PushAnswer,
} from '../../../../contract/record-service.ts';
import { failure, success } from '../../../../domain/result.ts';
import type { Lane, SignedOperation } from '../../../../domain/sync/operation.ts';
import type { Answered, ReceivedPack, RecordServicePort } from '../../sync/ports.ts';
import { FhirExchange, type FhirContent, type FhirExchangeOptions } from './fhir-exchange.ts';
import { PlainPull } from './plain-pull.ts';
import { pushPlainly } from './plain-push.ts';

export interface PlainFhirOptions extends FhirExchangeOptions {
  readonly organisation: { readonly id: string; readonly name: string };
  /** `YYYY-MM-DD` at the practice. */
  readonly today: () => string;
}

const capabilitySchema = v.looseObject({
  resourceType: v.literal('CapabilityStatement'),
  fhirVersion: v.string(),
  rest: v.array(
    v.looseObject({
      interaction: v.optional(v.array(v.looseObject({ code: v.string() }))),
      operation: v.optional(v.array(v.looseObject({ name: v.string() }))),
      resource: v.optional(
        v.array(
          v.looseObject({
            type: v.string(),
            operation: v.optional(v.array(v.looseObject({ name: v.string() }))),
          }),
        ),
      ),
    }),
  ),
});

const unsupported = failure({
  kind: 'status',
  status: 403,
  code: 'not-supported',
  message: 'A plain FHIR server has no such thing. What is on this computer stays here.',
} as const);

/**
 * A FHIR R4 server that is not ours, as the sync engine knows a record service. What it cannot promise is in
 * docs/plain-fhir.md.
 */
export class PlainFhirClient implements RecordServicePort {
  readonly #exchange: FhirExchange;
  readonly #pull: PlainPull;
  readonly #epoch: string;

  /** Asks the server what it can do. Fails with 426 where it is no R4 server or takes no transactions. */
  static async connect(options: PlainFhirOptions): Promise<Answered<PlainFhirClient>> {
    const exchange = new FhirExchange(options);
    const answer = await exchange.ask({ method: 'GET', path: 'metadata' });
    if (!answer.ok) return answer;
    const parsed = v.safeParse(capabilitySchema, answer.value.resource);
    if (!parsed.success) return failure({ kind: 'foreign-answer' });
    const rest = parsed.output.rest[0];
    const interactions = new Set(rest?.interaction?.map(({ code }) => code));
    if (!parsed.output.fhirVersion.startsWith('4.') || !interactions.has('transaction')) {
      return failure({
        kind: 'status',
        status: 426,
        message: 'This server is not FHIR R4 or takes no transactions: a save could arrive in parts.',
      });
    }
    const operations = [
      ...(rest?.operation ?? []),
      ...(rest?.resource?.find(({ type }) => type === 'Patient')?.operation ?? []),
    ];
    return success(
      new PlainFhirClient(exchange, options, {
        changes: interactions.has('history-system') ? 'system-history' : 'last-updated',
        hasEverything: operations.some(({ name }) => /everything/i.test(name)),
      }),
    );
  }

  private constructor(
    exchange: FhirExchange,
    { fhirBase, organisation, today }: PlainFhirOptions,
    can: { readonly changes: 'system-history' | 'last-updated'; readonly hasEverything: boolean },
  ) {
    this.#exchange = exchange;
    this.#epoch = `fhir-${createHash('sha256').update(fhirBase).digest('hex').slice(0, 16)}`;
    this.#pull = new PlainPull({ exchange, epoch: this.#epoch, organisation, today, ...can });
  }

  /** An authenticated read: `metadata` needs no token on most servers and would say nothing of ours. */
  async probe(): Promise<Answered<Probe>> {
    const answer = await this.#exchange.ask({ method: 'GET', path: 'Patient?_count=1&_elements=id' });
    if (!answer.ok) return answer;
    if (!isBundle(answer.value.resource)) return failure({ kind: 'foreign-answer' });
    const { serverMs } = answer.value;
    return success({
      epoch: this.#epoch,
      // There is no counter: time has gone on since the last poll, so there may be something.
      head: serverMs,
      time: new Date(serverMs).toISOString(),
      durableThrough: null,
      orders: [],
    });
  }

  push(operations: readonly SignedOperation[]): Promise<Answered<PushAnswer>> {
    return pushPlainly(this.#exchange, this.#epoch, operations);
  }

  /** There is no ledger of lanes. All is offered again, and what was written already is recognised by its tag. */
  lanes(
    lanes: readonly { readonly lane: Lane; readonly opIds: readonly string[] }[],
  ): Promise<Answered<LaneHandshakeAnswer>> {
    return Promise.resolve(
      success({
        epoch: this.#epoch,
        lanes: lanes.map(({ lane, opIds }) => ({ lane, expectedLaneSeq: 1, lacking: opIds })),
      }),
    );
  }

  changes(cursor: Cursor): Promise<Answered<ChangesPage>> {
    return this.#pull.changes(cursor);
  }

  packs(request: PacksRequest, receive: (pack: ReceivedPack) => Promise<void>): Promise<Answered<void>> {
    return this.#pull.packs(request, receive);
  }

  directory(): Promise<Answered<DirectoryAnswer>> {
    return this.#pull.directory();
  }

  manifest(): Promise<Answered<ManifestAnswer>> {
    return Promise.resolve(unsupported);
  }

  escrow(): Promise<Answered<EscrowReceipt>> {
    return Promise.resolve(unsupported);
  }

  audit(): Promise<Answered<{ readonly accepted: number }>> {
    return Promise.resolve(unsupported);
  }

  /** There is no list of them: a conflict is open until somebody settles it on this device. */
  conflicts(): Promise<Answered<ConflictList>> {
    return Promise.resolve(unsupported);
  }

  orderDone(): Promise<Answered<void>> {
    return Promise.resolve(unsupported);
  }
}

function isBundle(resource: FhirContent): boolean {
  return resource.resourceType === 'Bundle';
}
