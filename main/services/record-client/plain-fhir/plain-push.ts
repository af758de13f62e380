import * as v from 'valibot';
import type { PushAnswer } from '../../../../contract/record-service.ts';
import { failure, success } from '../../../../domain/result.ts';
import { canonicalJson } from '../../../../domain/sync/canonical-json.ts';
import type { OperationOutcome, ResourceJson, SignedOperation } from '../../../../domain/sync/operation.ts';
import type { Answered } from '../../sync/ports.ts';
import type { FhirContent, FhirExchange } from './fhir-exchange.ts';
import { hasOperationTag, operationTagSystem, versionNumber } from './fhir-version.ts';

const transactionAnswerSchema = v.looseObject({
  resourceType: v.literal('Bundle'),
  entry: v.array(v.looseObject({ response: v.optional(v.looseObject({ status: v.string() })) })),
});

/** Between reading what stands and writing, somebody else may write: read again, this often. */
const tries = 3;

type Standing =
  | { readonly is: 'none' }
  | { readonly is: 'deleted' }
  | { readonly is: 'there'; readonly resource: FhirContent };

/** What is to become of one operation, as far as it can be told before the write. */
type Plan =
  | { readonly does: 'write'; readonly signed: SignedOperation; readonly entry: object }
  | { readonly does: 'answer'; readonly outcome: OperationOutcome };

/**
 * One save group as one FHIR transaction. The ledger is in the resources: each written version carries its
 * operation's id as a tag, so that a group sent twice is recognised and answered, not written again.
 */
export async function pushPlainly(
  exchange: FhirExchange,
  epoch: string,
  operations: readonly SignedOperation[],
): Promise<Answered<PushAnswer>> {
  for (let attempt = 1; ; attempt += 1) {
    const plans: Plan[] = [];
    for (const signed of operations) {
      const plan = await planOf(exchange, signed);
      if (!plan.ok) return plan;
      plans.push(plan.value);
    }
    const writes = plans.filter((plan) => plan.does === 'write');
    if (writes.length > 0) {
      const sent = await exchange.ask({
        method: 'POST',
        path: '',
        body: { resourceType: 'Bundle', type: 'transaction', entry: writes.map(({ entry }) => entry) },
      });
      if (!sent.ok) {
        const status = sent.error.kind === 'status' ? sent.error.status : 0;
        if ((status === 409 || status === 412) && attempt < tries) continue;
        if (status !== 400 && status !== 422) return sent;
        return success(answerOf(epoch, operations.map(refused)));
      }
      const answered = v.safeParse(transactionAnswerSchema, sent.value.resource);
      if (!answered.success) return failure({ kind: 'foreign-answer' });
      const failed = answered.output.entry
        .map(({ response }) => Number(response?.status.slice(0, 3)))
        .filter((status) => !(status >= 200 && status < 300));
      if (failed.some((status) => status !== 409 && status !== 412)) {
        return success(answerOf(epoch, operations.map(refused)));
      }
      if (failed.length > 0 && attempt >= tries) return failure({ kind: 'status', status: 503 });
      // What was written is read back: only then is it known which version it received.
      if (attempt >= tries + 1) return failure({ kind: 'status', status: 503 });
      continue;
    }
    return success(
      answerOf(
        epoch,
        plans.flatMap((plan) => (plan.does === 'answer' ? [plan.outcome] : [])),
      ),
    );
  }
}

function answerOf(epoch: string, outcomes: readonly OperationOutcome[]): PushAnswer {
  // Whether it is on disk is for the server to say, and R4 has no words for it: the device keeps its copy.
  return { outcomes, epoch, durable: false, findings: [], softConflicts: [] };
}

async function planOf(exchange: FhirExchange, signed: SignedOperation): Promise<Answered<Plan>> {
  const { operation } = signed;
  const { opId, after, resource: key } = operation;
  if (after === undefined) return success({ does: 'answer', outcome: { opId, outcome: 'skipped' } });
  const read = await standingOf(exchange, key);
  if (!read.ok) return read;
  const standing = read.value;
  if (standing.is === 'there') {
    const { resource } = standing;
    if (isSameContent(resource, after)) {
      return success({
        does: 'answer',
        outcome: { opId, outcome: 'applied', version: versionNumber(resource) },
      });
    }
    const applied = await versionOf(exchange, key, opId);
    if (!applied.ok) return applied;
    if (applied.value !== null) {
      return success({ does: 'answer', outcome: { opId, outcome: 'applied', version: applied.value } });
    }
  }
  const expected = await expectedVersion(exchange, operation);
  if (!expected.ok) return expected;
  const isExpected =
    expected.value === 'none'
      ? standing.is === 'none'
      : standing.is === 'there' && versionNumber(standing.resource) === expected.value;
  if (!isExpected) {
    const current = standing.is === 'there' ? standing.resource : null;
    return success({
      does: 'answer',
      outcome: {
        opId,
        outcome: 'conflict',
        conflictId: opId,
        rule: standing.is === 'deleted' ? 'deleted-while-edited' : 'changed-meanwhile',
        currentVersion: current === null ? null : versionNumber(current),
        current: current as ResourceJson | null,
      },
    });
  }
  return success({ does: 'write', signed, entry: entryOf(signed, after, standing) });
}

/** PUT by the device's own id; the condition says which version it replaces, or that there is none. */
function entryOf({ operation }: SignedOperation, after: ResourceJson, standing: Standing): object {
  const meta = (after as FhirContent).meta ?? {};
  const tags = (meta.tag ?? []).filter(({ system }) => system !== operationTagSystem);
  return {
    fullUrl: `urn:uuid:${after.id}`,
    resource: {
      ...after,
      meta: {
        ...without(meta, ['versionId', 'lastUpdated']),
        tag: [...tags, { system: operationTagSystem, code: operation.opId }],
      },
    },
    request: {
      method: 'PUT',
      url: operation.resource,
      ...(standing.is === 'there'
        ? { ifMatch: `W/"${standing.resource.meta?.versionId ?? ''}"` }
        : { ifNoneMatch: '*' }),
    },
  };
}

async function standingOf(exchange: FhirExchange, key: string): Promise<Answered<Standing>> {
  const answer = await exchange.ask({ method: 'GET', path: key });
  if (answer.ok) return success({ is: 'there', resource: answer.value.resource });
  if (answer.error.kind !== 'status') return answer;
  if (answer.error.status === 404) return success({ is: 'none' });
  if (answer.error.status === 410) return success({ is: 'deleted' });
  return answer;
}

/** `none` for what is to be new; 0, which no version is, where nobody can tell. */
async function expectedVersion(
  exchange: FhirExchange,
  { baseVersion, prevOpId, resource }: SignedOperation['operation'],
): Promise<Answered<number | 'none'>> {
  if (prevOpId === undefined) return success(baseVersion ?? 'none');
  const before = await versionOf(exchange, resource, prevOpId);
  return before.ok ? success(before.value ?? 0) : before;
}

/**
 * Which version an operation received. Tags are carried on, by servers and by other programs' edits: it is the first
 * that has it. Null where there is none, and where the server keeps no history.
 */
async function versionOf(
  exchange: FhirExchange,
  key: string,
  opId: string,
): Promise<Answered<number | null>> {
  const answer = await exchange.ask({ method: 'GET', path: `${key}/_history` });
  if (!answer.ok) {
    return answer.error.kind === 'status' && [400, 404, 405, 410, 501].includes(answer.error.status)
      ? success(null)
      : answer;
  }
  const versions = ((answer.value.resource['entry'] ?? []) as readonly { readonly resource?: FhirContent }[])
    .flatMap(({ resource }) => (resource !== undefined && hasOperationTag(resource, opId) ? [resource] : []))
    .map(versionNumber);
  return success(versions.length === 0 ? null : Math.min(...versions));
}

function isSameContent(standing: FhirContent, after: ResourceJson): boolean {
  return canonicalJson(without(standing, ['meta'])) === canonicalJson(without(after, ['meta']));
}

function without(value: object, names: readonly string[]): object {
  return Object.fromEntries(Object.entries(value).filter(([name]) => !names.includes(name)));
}

function refused({ operation: { opId } }: SignedOperation): OperationOutcome {
  return {
    opId,
    outcome: 'rejected',
    code: 'invalid-resource',
    message: 'The server refused what was saved. Nothing of it was written there; it is kept here.',
  };
}
