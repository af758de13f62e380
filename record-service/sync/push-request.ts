import * as v from 'valibot';
import { pushRequestSchema } from '../../contract/record-service.ts';
import { canonicalJson } from '../../domain/sync/canonical-json.ts';
import { laneOf, type Operation, type SignedOperation } from '../../domain/sync/operation.ts';
import { operationHash } from './operation-proof.ts';
import { SyncError } from './service-error.ts';

/** `Operation.schemaVersion` taken. Older ones are converted here when there are any (sync-bugs Q16). */
export const operationSchema = { oldest: 1, newest: 1 } as const;

/**
 * One save group as it came: whole, in one piece, in the order of its lanes, every hash true.
 * Refusals here are of the request: nothing of it is stored, no place in a lane is used up.
 * @throws SyncError 400 `malformed`, 422 `hash-mismatch`, `group-incomplete`, 426 `schema-too-new`.
 */
export function readPushRequest(
  body: unknown,
  organisation: string,
  deviceId: string,
): readonly SignedOperation[] {
  refuseNewerSchema(body);
  const parsed = v.safeParse(pushRequestSchema, body);
  if (!parsed.success) {
    const where = v.getDotPath(parsed.issues[0]) ?? 'the body';
    throw new SyncError(
      400,
      'malformed',
      `The work could not be read (${where}). It is kept on the computer.`,
    );
  }
  // What is hashed and kept is what was sent, not what the schema made of it.
  const operations = (body as { readonly operations: readonly SignedOperation[] }).operations;
  for (const signed of operations) {
    if (operationHash(signed.operation) !== signed.hash) {
      throw new SyncError(
        422,
        'hash-mismatch',
        'The work was damaged on its way. Nothing was stored; it is kept.',
      );
    }
  }
  refuseBrokenGroup(operations.map((signed) => signed.operation));
  for (const { operation } of operations) refuseForeignLane(operation, organisation, deviceId);
  return operations;
}

function refuseNewerSchema(body: unknown): void {
  const operations =
    typeof body === 'object' && body !== null && 'operations' in body && Array.isArray(body.operations)
      ? (body.operations as readonly { readonly operation?: { readonly schemaVersion?: unknown } }[])
      : [];
  const newest = Math.max(0, ...operations.map((signed) => Number(signed.operation?.schemaVersion ?? 0)));
  if (newest > operationSchema.newest) {
    throw new SyncError(
      426,
      'schema-too-new',
      'This computer runs a newer version than the record service. Its work waits until the service is upgraded.',
    );
  }
}

function refuseBrokenGroup(operations: readonly Operation[]): void {
  const first = operations[0];
  const broken = (why: string): SyncError =>
    new SyncError(
      422,
      'group-incomplete',
      `A save came in a broken form (${why}). Nothing was stored; it is kept.`,
    );
  if (first === undefined) throw broken('it is empty');
  if (operations.some((operation) => operation.groupId !== first.groupId)) throw broken('two saves in one');
  if (operations.some((operation) => operation.groupSize !== operations.length))
    throw broken('a part is missing');
  if (new Set(operations.map((operation) => operation.opId)).size < operations.length) {
    throw broken('one change stands in it twice');
  }
  const author = canonicalJson(first.author);
  if (operations.some((operation) => canonicalJson(operation.author) !== author)) throw broken('two authors');
  const resources = operations
    .filter((operation) => operation.kind !== 'skip')
    .map(({ resource }) => resource);
  if (new Set(resources).size < resources.length) throw broken('two changes of one entry');
  for (const operation of operations) {
    const fault = formFault(operation);
    if (fault !== null) throw broken(fault);
  }
}

function formFault(operation: Operation): string | null {
  const { kind, after } = operation;
  const bases = [operation.baseVersion, operation.prevOpId].filter((base) => base !== undefined).length;
  const needsReason = kind === 'void' || kind === 'correct' || kind === 'skip';
  if (needsReason && (operation.reason ?? '').trim() === '') return `a ${kind} without its reason`;
  if (kind === 'skip') return operation.skippedOpId === undefined ? 'a skip of nothing' : null;
  if (after === undefined) return 'a change without its content';
  if (`${after.resourceType}/${after.id}` !== operation.resource) return 'content of another entry';
  const makes = kind === 'create' || kind === 'append';
  return bases === (makes ? 0 : 1) ? null : 'a change without the version it was made on';
}

function refuseForeignLane(operation: Operation, organisation: string, deviceId: string): void {
  if (operation.author.organisation !== organisation) {
    throw new SyncError(403, 'wrong-organisation', 'This work belongs to another organisation.');
  }
  if (operation.deviceId !== deviceId) {
    throw new SyncError(403, 'wrong-device', 'This work was made on another computer.');
  }
  const subjects = operation.patientId === undefined ? (['user', 'org'] as const) : [operation.patientId];
  if (!subjects.some((subject) => laneOf(operation.deviceId, operation.author, subject) === operation.lane)) {
    throw new SyncError(422, 'group-incomplete', 'A save stands in the lane of somebody else. It is kept.');
  }
}
