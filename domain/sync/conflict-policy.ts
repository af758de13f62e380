import { sameJson } from './canonical-json.ts';
import { elementDiff, threeWayMerge, withoutServiceMeta } from './element-diff.ts';
import type { MergeRule, Operation, RejectionCode, ResourceJson } from './operation.ts';
import { conflictClassOf } from './resource-class.ts';
import { isLegalCorrection, isLegalTransition } from './workflow-transition.ts';

/** What stands at the service now; `resource` is null after a deletion. */
export interface StandingVersion {
  readonly version: number;
  readonly resource: ResourceJson | null;
  /** User id of whoever wrote it. */
  readonly author: string;
}

export interface PolicyInput {
  readonly operation: Pick<Operation, 'kind' | 'resource' | 'author' | 'after'>;
  /** The version on which the author worked; null for `create` and `append`, or where the service has no such version. */
  readonly base: StandingVersion | null;
  /** Null where the resource never was. */
  readonly current: StandingVersion | null;
  /** The operation named by `prevOpId` conflicted or was refused: then so is this one, whatever else holds. */
  readonly previousConflicted: boolean;
  /** `resolvesConflict` names a conflict over this very resource that nobody has settled yet. */
  readonly settlesOpenConflict: boolean;
}

export type PolicyDecision =
  /** Write `resource` as the next version. With a `rule` the author hears `merged`, without one `applied`. */
  | { readonly kind: 'write'; readonly resource: ResourceJson; readonly rule?: MergeRule }
  /** What was asked for stands already: no new version. */
  | { readonly kind: 'keep'; readonly version: number; readonly rule: MergeRule }
  /** A signed text is never changed: the author's words become an addendum linked to the version that was read. */
  | { readonly kind: 'addendum'; readonly version: number; readonly rule: MergeRule }
  /** Nothing is written; the operation is kept as a branch until a person chooses. */
  | { readonly kind: 'conflict'; readonly rule: MergeRule; readonly paths: readonly string[] }
  | { readonly kind: 'reject'; readonly code: RejectionCode; readonly message: string };

/**
 * Decides what becomes of one operation (sync.md, "Conflicts"). Pure: what it is given, decides.
 * `after` must be present (a `skip` never comes here).
 */
export function decide(input: PolicyInput): PolicyDecision {
  const { operation, current } = input;
  const after = operation.after;
  if (after === undefined) throw new Error('an operation without a resource has no conflict policy');
  if (input.previousConflicted) return conflict('previous-operation-conflicted');

  if (operation.kind === 'create' || operation.kind === 'append') return decideCreation(input, after);
  if (current === null) {
    return {
      kind: 'reject',
      code: 'unknown-base',
      message: `${operation.resource} is not known here, so it cannot be changed. Nothing was lost.`,
    };
  }
  if (current.resource === null) return decideOnDeleted(input, after, current);
  if (sameContent(after, current.resource)) {
    return { kind: 'keep', version: current.version, rule: 'same-content' };
  }
  // No base here: the service cannot know what the author saw, so it may not guess what the author changed.
  if (input.base === null) return conflict('changed-meanwhile');

  const isFresh = input.base.version === current.version;
  // A name alone settles nothing: once the question is answered, or over another entry, the rules hold again.
  if (isFresh && input.settlesOpenConflict) return { kind: 'write', resource: after };
  return decideChange(input, after, input.base, { ...current, resource: current.resource }, isFresh);
}

/**
 * Only a person who looked at both may put back what was deleted, and only while the question is open: a colleague
 * may have decided meanwhile that it stays deleted, which a `void` says.
 */
function decideOnDeleted(
  { operation, settlesOpenConflict }: PolicyInput,
  after: ResourceJson,
  current: StandingVersion,
): PolicyDecision {
  if (!settlesOpenConflict) return conflict('deleted-while-edited');
  return operation.kind === 'void'
    ? { kind: 'keep', version: current.version, rule: 'deleted-while-edited' }
    : { kind: 'write', resource: after, rule: 'deleted-while-edited' };
}

function decideCreation({ current }: PolicyInput, after: ResourceJson): PolicyDecision {
  if (current === null) return { kind: 'write', resource: after };
  if (current.resource === null) return conflict('deleted-while-edited');
  if (sameContent(after, current.resource)) {
    return { kind: 'keep', version: current.version, rule: 'same-content' };
  }
  return conflict(staleRules[conflictClassOf(after.resourceType)]);
}

type Live = StandingVersion & { readonly resource: ResourceJson };

function decideChange(
  input: PolicyInput,
  after: ResourceJson,
  base: StandingVersion,
  current: Live,
  isFresh: boolean,
): PolicyDecision {
  const resourceClass = conflictClassOf(after.resourceType);
  switch (resourceClass) {
    case 'append-only':
      return decideAppendOnly(input, after, current, isFresh);
    case 'narrative':
      return decideNarrative(input, after, current, isFresh);
    case 'demographics':
      return decideDemographics(after, base, current, isFresh);
    case 'workflow':
      return decideWorkflow(input, after, base, current, isFresh);
    case 'safety-list':
    case 'medication':
    case 'other':
      return isFresh ? { kind: 'write', resource: after } : conflict(staleRules[resourceClass]);
  }
}

const staleRules = {
  'append-only': 'append-only',
  narrative: 'signed-narrative-addendum',
  'safety-list': 'safety-list-never-merged',
  medication: 'medication-never-merged',
  demographics: 'demographics-same-element',
  workflow: 'workflow-illegal-transition',
  other: 'changed-meanwhile',
} as const;

const ERROR = 'entered-in-error';
const unfinished = new Set(['preliminary', 'registered', 'partial', 'preparation', 'in-progress', 'unknown']);
const corrected = new Set(['corrected', 'amended', 'appended', 'superseded', ERROR]);

function decideAppendOnly(
  { operation }: PolicyInput,
  after: ResourceJson,
  current: Live,
  isFresh: boolean,
): PolicyDecision {
  const status = statusOf(after);
  if (operation.kind === 'void' && status === ERROR && !isFresh) {
    // Calling it an error holds whatever the colleague corrected meanwhile; the colleague's words stay in it.
    return { kind: 'write', resource: { ...current.resource, status: ERROR }, rule: 'status-correction' };
  }
  const isCorrection = operation.kind === 'correct' || operation.kind === 'void' || corrected.has(status);
  if (!isFresh || (!isCorrection && !unfinished.has(statusOf(current.resource)))) {
    return conflict('append-only');
  }
  return isCorrection
    ? { kind: 'write', resource: after, rule: 'status-correction' }
    : { kind: 'write', resource: after };
}

const signed = new Set(['final', 'amended', 'finished']);

function decideNarrative(
  { operation }: PolicyInput,
  after: ResourceJson,
  current: Live,
  isFresh: boolean,
): PolicyDecision {
  const isSigned = signed.has(statusOf(current.resource));
  if (operation.kind === 'void' && statusOf(after) === ERROR) {
    // Only the status moves: the words that were signed stay readable behind the mark.
    const reason = after['extension'] === undefined ? {} : { extension: after['extension'] };
    const voided = { ...current.resource, ...(isFresh ? reason : {}), status: ERROR };
    return isFresh
      ? { kind: 'write', resource: voided }
      : { kind: 'write', resource: voided, rule: 'status-correction' };
  }
  if (isSigned) {
    return after.resourceType === 'Composition'
      ? { kind: 'addendum', version: current.version, rule: 'signed-narrative-addendum' }
      : conflict('signed-narrative-addendum');
  }
  if (after.resourceType === 'Composition' && current.author !== operation.author.userId) {
    return conflict('draft-of-another-author');
  }
  return isFresh ? { kind: 'write', resource: after } : conflict('changed-meanwhile');
}

function decideDemographics(
  after: ResourceJson,
  base: StandingVersion,
  current: Live,
  isFresh: boolean,
): PolicyDecision {
  const owned = changedOwnedElements(base.resource ?? current.resource, after);
  if (owned.length > 0) return conflict('pds-owned-element', owned);
  if (isFresh) return { kind: 'write', resource: after };
  if (base.resource === null) return conflict('changed-meanwhile');
  const merge = threeWayMerge(base.resource, current.resource, after);
  if (!merge.ok) return conflict('demographics-same-element', merge.paths);
  return { kind: 'write', resource: merge.merged as ResourceJson, rule: 'demographics-disjoint' };
}

function decideWorkflow(
  { operation }: PolicyInput,
  after: ResourceJson,
  base: StandingVersion,
  current: Live,
  isFresh: boolean,
): PolicyDecision {
  const judge = isFresh && operation.kind === 'correct' ? isLegalCorrection : isLegalTransition;
  const isLegal = judge(after.resourceType, current.resource['status'], after['status']);
  if (isFresh)
    return isLegal ? { kind: 'write', resource: after } : conflict('workflow-illegal-transition', ['status']);
  if (base.resource === null) return conflict('changed-meanwhile');
  const statusMoved = !sameJson(base.resource['status'], after['status']);
  if (statusMoved && !isLegal) return conflict('workflow-illegal-transition', ['status']);
  // Both moved the status: the later move is judged from where the work stands now, not from where it stood.
  const from =
    statusMoved && isLegal ? { ...base.resource, status: current.resource['status'] } : base.resource;
  const merge = threeWayMerge(from, current.resource, after);
  if (!merge.ok) return conflict('workflow-illegal-transition', merge.paths);
  return { kind: 'write', resource: merge.merged as ResourceJson, rule: 'workflow-transition' };
}

const NHS_NUMBER = 'https://fhir.nhs.uk/Id/nhs-number';

/**
 * Elements that the Personal Demographics Service owns once it has verified the NHS number: the number itself and
 * the date of birth. They change there, not here.
 */
function changedOwnedElements(before: ResourceJson, after: ResourceJson): readonly string[] {
  if (before.resourceType !== 'Patient' || !isNumberVerified(before)) return [];
  return elementDiff(before, after)
    .map((change) => change.path)
    .filter((path) => path.startsWith(`identifier[${NHS_NUMBER}|`) || path === 'birthDate');
}

function isNumberVerified(patient: ResourceJson): boolean {
  return listOf(patient['identifier']).some(
    (identifier) =>
      identifier['system'] === NHS_NUMBER &&
      listOf(identifier['extension']).some((extension) =>
        JSON.stringify(extension).includes('number-present-and-verified'),
      ),
  );
}

function listOf(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) ? (value as readonly Readonly<Record<string, unknown>>[]) : [];
}

function statusOf(resource: ResourceJson): string {
  return typeof resource['status'] === 'string' ? resource['status'] : '';
}

function sameContent(left: ResourceJson, right: ResourceJson): boolean {
  return sameJson(withoutServiceMeta(left), withoutServiceMeta(right));
}

function conflict(rule: MergeRule, paths: readonly string[] = []): PolicyDecision {
  return { kind: 'conflict', rule, paths };
}
