import { reviewTagSystem } from '../../contract/review-task.ts';
import { parseExact } from '../../domain/fhir/exact-json.ts';
import { sameJson } from '../../domain/sync/canonical-json.ts';
import { decide, type PolicyDecision, type StandingVersion } from '../../domain/sync/conflict-policy.ts';
import { elementDiff } from '../../domain/sync/element-diff.ts';
import type {
  MergeRule,
  Operation,
  OperationOutcome,
  ResourceJson,
  StandingAuthor,
} from '../../domain/sync/operation.ts';
import type { StoredVersion } from '../store/record-store.ts';
import { addendumTo } from './addendum.ts';
import { derivedId } from './derived-id.ts';
import { signedOperationOf, type LedgerRow } from './ledger.ts';
import { GroupRefused } from './group-refused.ts';
import type { RecordsToApply } from './standing-records.ts';

/** What one operation did, and what the ledger and the follow-up work need to know of it. */
export interface AppliedOperation {
  readonly outcome: OperationOutcome;
  readonly branchBase: number | null;
  /** Resources as they stand after it, for the safety rules. */
  readonly written: readonly ResourceJson[];
  /** Another author wrote since the branch began, though the base was fresh (sync-bugs L29). */
  readonly softConflict: boolean;
  /** Elements that both sides changed, where the rule could say. */
  readonly paths: readonly string[];
  /** What stood before, of whomever; null where nothing did. */
  readonly before: StoredVersion | null;
}

export interface ApplyContext {
  readonly transaction: RecordsToApply;
  /** The ledger's rows of the operations that others of this group build on. */
  readonly previous: ReadonlyMap<string, LedgerRow>;
  /** The patient's record was merged into another: everything lands marked for review. */
  readonly mergedInto: string | null;
  /** Whether this conflict is over this resource and nobody has settled it yet. */
  readonly isOpenConflict: (conflictId: string, resource: string) => Promise<boolean>;
  /** Who wrote a version that stands; told with a conflict. */
  readonly authorOf?: (version: StoredVersion) => Promise<StandingAuthor | null>;
  /** This history of the service; version numbers of another one are not taken on trust. */
  readonly epoch?: string;
}

/** Applies one operation by the conflict policy. Reads under the lock that its caller holds. */
export async function applyOperation(context: ApplyContext, operation: Operation): Promise<AppliedOperation> {
  const { transaction } = context;
  const [type = '', id = ''] = operation.resource.split('/');
  const current = (await transaction.read(type, id)) ?? null;
  const branch = await branchOf(context, operation);
  const decision = decide({
    operation,
    base: branch.base,
    current: current === null ? null : standing(current),
    previousConflicted: branch.previousConflicted,
    settlesOpenConflict:
      operation.resolvesConflict !== undefined &&
      (await context.isOpenConflict(operation.resolvesConflict, operation.resource)),
  });
  const soft = await isSoftConflict(context, operation, branch.root, current);
  const result = await carryOut(context, operation, decision, current, branch.base);
  return {
    ...result,
    branchBase: branch.root ?? ('version' in result.outcome ? result.outcome.version : null),
    softConflict: soft && result.written.length > 0,
    paths: decision.kind === 'conflict' ? decision.paths : [],
    before: current,
  };
}

interface Branch {
  readonly base: StandingVersion | null;
  /** The service's version from which the first operation of the branch set out. */
  readonly root: number | null;
  readonly previousConflicted: boolean;
}

async function branchOf(context: ApplyContext, operation: Operation): Promise<Branch> {
  const [type = '', id = ''] = operation.resource.split('/');
  const version = async (number: number): Promise<StandingVersion | null> => {
    const stored = await context.transaction.readVersion(type, id, number);
    return stored === undefined ? null : standing(stored);
  };
  if (operation.prevOpId === undefined) {
    const { baseVersion } = operation;
    const named = baseVersion === undefined ? null : await version(baseVersion);
    const base = named === null || isWhatWasSeen(operation, named, context.epoch) ? named : null;
    return { base, root: baseVersion ?? null, previousConflicted: false };
  }
  const previous = context.previous.get(operation.prevOpId);
  if (previous === undefined) {
    throw new GroupRefused(
      operation.opId,
      'unknown-base',
      'The change that this one builds on never arrived.',
    );
  }
  if (previous.type !== type || previous.resource_id !== id) {
    throw new GroupRefused(
      operation.opId,
      'unknown-base',
      'The change that this one builds on is of another entry.',
    );
  }
  if (previous.result_version === null) {
    return { base: null, root: previous.branch_base, previousConflicted: true };
  }
  const received = await version(previous.result_version);
  return {
    base: received === null ? null : asItsAuthorSaw(received, signedOperationOf(previous).operation),
    root: previous.branch_base ?? previous.result_version,
    previousConflicted: false,
  };
}

/**
 * Whether the version that an operation names is the one that its author had on the screen. A restored service gives
 * the same numbers to other versions, so a number from another history proves nothing: then the author's own
 * difference must be the difference to what stands here (I4).
 */
function isWhatWasSeen(operation: Operation, named: StandingVersion, epoch: string | undefined): boolean {
  if (epoch === undefined || operation.seen?.epoch === epoch) return true;
  if (operation.seen === undefined && operation.diff.length === 0) return true;
  return named.resource !== null && sameJson(elementDiff(named.resource, operation.after), operation.diff);
}

/**
 * The base of an operation that builds on an earlier one of its device: what that one said. Where the service had
 * merged it with a colleague's work, its author has not seen the merged version, so the base is not fresh and the
 * later operation is merged with it again instead of overwriting it (sync-bugs L29).
 */
function asItsAuthorSaw(received: StandingVersion, previous: Operation): StandingVersion {
  if (previous.after === undefined || received.resource === null) return received;
  const added = elementDiff(previous.after, received.resource).filter(
    (change) => change.path !== 'meta' && !change.path.startsWith('meta.'),
  );
  return added.length === 0
    ? received
    : { version: NEVER_STANDING, resource: previous.after, author: previous.author.userId };
}

const NEVER_STANDING = 0;

async function isSoftConflict(
  { transaction }: ApplyContext,
  operation: Operation,
  root: number | null,
  current: StoredVersion | null,
): Promise<boolean> {
  // Only a later operation of a branch can be deceived: the first one names the version that its author saw.
  if (operation.prevOpId === undefined || root === null || current === null || current.version <= root + 1) {
    return false;
  }
  const history = await transaction.readHistory(current.type, current.id);
  return history.some((version) => version.version > root && version.author !== operation.author.userId);
}

async function carryOut(
  context: ApplyContext,
  operation: Operation,
  decision: PolicyDecision,
  current: StoredVersion | null,
  base: StandingVersion | null,
): Promise<Pick<AppliedOperation, 'outcome' | 'written'>> {
  const { opId } = operation;
  const { transaction } = context;
  switch (decision.kind) {
    case 'reject':
      throw new GroupRefused(opId, decision.code, decision.message);
    case 'keep':
      return {
        outcome: { opId, outcome: 'merged', version: decision.version, rule: decision.rule },
        written: [],
      };
    case 'conflict': {
      const standingAuthor = current === null ? null : ((await context.authorOf?.(current)) ?? null);
      return {
        outcome: {
          opId,
          outcome: 'conflict',
          conflictId: derivedId('conflict', opId),
          rule: decision.rule,
          currentVersion: current === null || current.deleted ? null : current.version,
          current: current?.content == null ? null : (parseExact(current.content) as ResourceJson),
          ...(base?.resource == null ? {} : { base: base.resource }),
          ...(standingAuthor === null ? {} : { standing: standingAuthor }),
        },
        written: [],
      };
    }
    case 'addendum': {
      const addendum = addendumTo(operation, current, derivedId('addendum', opId));
      await transaction.write(addendum, 'absent');
      return {
        outcome: { opId, outcome: 'merged', version: decision.version, rule: decision.rule },
        written: [addendum],
      };
    }
    case 'write': {
      const rule: MergeRule | undefined = context.mergedInto === null ? decision.rule : 'patient-merged';
      const resource = context.mergedInto === null ? decision.resource : markForReview(decision.resource);
      const { version } = await transaction.write(resource, current === null ? 'absent' : current.version);
      return {
        outcome:
          rule === undefined
            ? { opId, outcome: 'applied', version }
            : { opId, outcome: 'merged', version, rule },
        written: [resource],
      };
    }
  }
}

/** Work on a record that was merged away lands as "pre-merge, review" (sync.md, Conflicts). */
function markForReview(resource: ResourceJson): ResourceJson {
  const meta = (resource['meta'] ?? {}) as { readonly tag?: readonly unknown[] };
  const tag = { system: reviewTagSystem, code: 'pre-merge', display: 'Pre-merge, review' };
  return { ...resource, meta: { ...meta, tag: [...(meta.tag ?? []), tag] } };
}

function standing(version: StoredVersion): StandingVersion {
  return {
    version: version.version,
    resource: version.content === null ? null : (parseExact(version.content) as ResourceJson),
    author: version.author,
  };
}
