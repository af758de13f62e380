import { parseExact } from '../../../domain/fhir/exact-json.ts';
import { subjectMismatch } from '../../../domain/record/subject.ts';
import { elementDiff } from '../../../domain/sync/element-diff.ts';
import { failure, success } from '../../../domain/result.ts';
import type { ResourceChange, SaveRequest } from '../../../contract/channels/record.ts';
import type { OperationId, PatientId, ResourceKey } from '../../../domain/identifiers.ts';
import type { Result } from '../../../domain/result.ts';
import type { RecordedAt, ResourceJson } from '../../../domain/sync/operation.ts';
import type { JournalOperation } from '../journal/journal-entry.ts';
import type { UnnumberedOperation } from '../journal/journal.ts';

/** Why a save was not taken. Nothing was written; what was typed stays in the form. */
export interface SaveRefusal {
  readonly code:
    | 'wrong-patient'
    | 'wrong-encounter'
    | 'unreadable'
    | 'twice-in-one-save'
    | 'reason-missing'
    | 'base-missing'
    | 'already-sent'
    | 'too-late'
    | 'not-yours'
    | 'unknown-save';
  readonly message: string;
}

export type ChangeToSave = ResourceChange & {
  /** The conflict that this change settles. */
  readonly resolvesConflict?: string;
};

export interface SaveSurroundings {
  /** The journal's operations on a resource, oldest first. */
  readonly savedOn: (resource: string) => readonly JournalOperation[];
  readonly newOperationId: () => OperationId;
  readonly recordedAt: RecordedAt;
  /** The place in the feed that this device had applied (I16). */
  readonly seen?: { readonly epoch: string; readonly position: number };
}

/** Makes the operations of one save, all or none. The journal numbers and signs them. */
export function operationsOf(
  request: Pick<SaveRequest, 'patientId' | 'bannerPatientId' | 'encounterId'> & {
    readonly changes: readonly ChangeToSave[];
  },
  surroundings: SaveSurroundings,
): Result<readonly UnnumberedOperation[], SaveRefusal> {
  // I14: what the banner showed when the button was pressed decides whose record this is.
  if (request.bannerPatientId !== request.patientId) return failure(wrongPatient);
  const resources = new Set(request.changes.map(({ resource }) => resource));
  if (resources.size < request.changes.length) {
    return failure({
      code: 'twice-in-one-save',
      message:
        'Two changes of the same entry stand in this save. Nothing was saved; save them one after the other.',
    });
  }
  const operations: UnnumberedOperation[] = [];
  for (const change of request.changes) {
    const operation = operationOf(change, request, surroundings);
    if (!operation.ok) return operation;
    operations.push(operation.value);
  }
  return success(operations);
}

function operationOf(
  change: ChangeToSave,
  request: Pick<SaveRequest, 'patientId' | 'encounterId'>,
  surroundings: SaveSurroundings,
): Result<UnnumberedOperation, SaveRefusal> {
  const after = resourceIn(change.after);
  const before = change.before === undefined ? undefined : resourceIn(change.before);
  if (after === null || before === null || `${after.resourceType}/${after.id}` !== change.resource) {
    return failure(unreadable);
  }
  const mismatch = subjectMismatch(after, {
    patientId: request.patientId ?? null,
    encounterId: request.encounterId,
  });
  if (mismatch !== null) return failure(mismatch === 'other-encounter' ? wrongEncounter : wrongPatient);
  const reason = change.reason?.trim() ?? '';
  if (reason === '' && (change.kind === 'void' || change.kind === 'correct')) return failure(reasonMissing);
  const base = baseOf(change, surroundings);
  if (!base.ok) return base;
  return success({
    schemaVersion: 1,
    opId: surroundings.newOperationId(),
    kind: change.kind,
    resource: change.resource as ResourceKey,
    ...(request.patientId !== undefined && { patientId: request.patientId as PatientId }),
    ...(request.encounterId !== undefined && { encounterId: request.encounterId }),
    ...base.value,
    after,
    // What is new differs from nothing that anybody has.
    diff: before === undefined ? [] : elementDiff(before, after),
    ...(reason !== '' && { reason }),
    ...(change.resolvesConflict !== undefined && { resolvesConflict: change.resolvesConflict }),
    ...(surroundings.seen !== undefined && { seen: surroundings.seen }),
    recordedAt: surroundings.recordedAt,
  });
}

/** The version that was seen: that of an earlier operation of this device where the cache does not hold it yet. */
function baseOf(
  change: ChangeToSave,
  surroundings: SaveSurroundings,
): Result<Pick<UnnumberedOperation, 'baseVersion' | 'prevOpId'>, SaveRefusal> {
  if (change.kind === 'create' || change.kind === 'append') return success({});
  const previous = surroundings
    .savedOn(change.resource)
    .findLast((operation) => stoodOnScreen(operation, change));
  if (previous !== undefined) return success({ prevOpId: previous.signed.operation.opId });
  if (change.baseVersion !== undefined) return success({ baseVersion: change.baseVersion });
  return failure({
    code: 'base-missing',
    message: 'This entry changed while it was open. Nothing was saved; open it again and repeat the change.',
  });
}

/** Whether the overlay laid this operation over the version that the screen names. */
function stoodOnScreen({ signed, outcome }: JournalOperation, change: ChangeToSave): boolean {
  const { baseVersion = 0, resolvesConflict } = change;
  if (signed.operation.kind === 'skip') return false;
  switch (outcome?.outcome.outcome) {
    case undefined:
      return true;
    case 'applied':
    case 'merged':
      return outcome.outcome.version > baseVersion;
    case 'conflict':
      // While it is open a later change shares its fate; what settles it builds on the version that stands.
      return resolvesConflict === undefined && (outcome.outcome.currentVersion ?? 0) >= baseVersion;
    case 'rejected':
    case 'skipped':
      return false;
  }
}

function resourceIn(text: string): ResourceJson | null {
  try {
    const value = parseExact(text);
    const isResource =
      typeof value === 'object' &&
      value !== null &&
      'resourceType' in value &&
      typeof value.resourceType === 'string' &&
      'id' in value &&
      typeof value.id === 'string';
    return isResource ? (value as ResourceJson) : null;
  } catch {
    return null;
  }
}

const wrongPatient: SaveRefusal = {
  code: 'wrong-patient',
  message:
    'What was to be saved is about another patient than the one on the banner. Nothing was saved. Check the banner, then save again.',
};
const wrongEncounter: SaveRefusal = {
  code: 'wrong-encounter',
  message: 'An entry belongs to another consultation than the one that is open. Nothing was saved.',
};
const unreadable: SaveRefusal = {
  code: 'unreadable',
  message: 'What was to be saved could not be read. Nothing was saved and the text stays in the form.',
};
const reasonMissing: SaveRefusal = {
  code: 'reason-missing',
  message: 'A correction needs its reason. Nothing was saved; give the reason and save again.',
};
