import type { GroupId, OperationId, PatientId, ResourceKey } from '../../domain/identifiers.ts';
import { laneOf } from '../../domain/sync/operation.ts';
import type { Author, Operation, ResourceJson, SignedOperation } from '../../domain/sync/operation.ts';

export const theGp: Author = {
  userId: 'user-gp' as Author['userId'],
  practitionerId: 'practitioner-gp',
  name: 'Amara Okafor',
  role: 'gp',
  organisation: 'A99999' as Author['organisation'],
};

/** An operation as the journal holds it; what a test does not say is filled in. Not really signed. */
export function signedOperation(
  opId: string,
  facts: Partial<Omit<Operation, 'opId' | 'groupId' | 'prevOpId' | 'patientId' | 'resource'>> & {
    readonly groupId?: string;
    readonly prevOpId?: string;
    readonly patientId?: string;
    readonly resource?: string;
    readonly after?: ResourceJson;
  } = {},
): SignedOperation {
  const author = facts.author ?? theGp;
  const deviceId = (facts.deviceId ?? 'device-1') as Operation['deviceId'];
  const patientId = (facts.patientId ?? 'p1') as PatientId;
  return {
    operation: {
      schemaVersion: 1,
      deviceSeq: 1,
      laneSeq: 1,
      groupSize: 1,
      kind: 'append',
      diff: [],
      recordedAt: { wallClock: '2026-11-22T10:00:00.000Z', monotonicMs: 0 },
      previousHash: '',
      lane: laneOf(deviceId, author, patientId),
      ...facts,
      opId: opId as OperationId,
      deviceId,
      author,
      patientId,
      groupId: (facts.groupId ?? `group of ${opId}`) as GroupId,
      resource: (facts.resource ?? `Observation/${opId}`) as ResourceKey,
      ...(facts.prevOpId === undefined ? {} : { prevOpId: facts.prevOpId as OperationId }),
    } as Operation,
    hash: `hash of ${opId}`,
    signature: '',
    keyId: author.userId,
  };
}
