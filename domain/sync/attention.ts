import { elementDiff, mineOver } from './element-diff.ts';
import {
  conflictSentence,
  entryWords,
  namedAuthor,
  rejectionWords,
  roleWords,
  ruleWords,
  theirAuthor,
} from './clinical-sentence.ts';
import { conflictClassOf } from './resource-class.ts';
import type { JournaledOperation } from './lane-handshake.ts';
import type { HoldReason, LaneHold } from './outbox.ts';
import { replacements } from './replaced.ts';
import type {
  Lane,
  MergeRule,
  OperationOutcome,
  ResourceJson,
  SignedOperation,
  StandingAuthor,
} from './operation.ts';

export type AttentionChoice =
  'keep-mine' | 'keep-theirs' | 'keep-both' | 'restore' | 'skip' | 'retry' | 'acknowledge' | 'will-not-send';

/** One thing that waits for a person: plain data for a screen, with both versions and what differs. */
export interface AttentionFact {
  readonly itemId: string;
  readonly kind:
    'conflict' | 'rejected' | 'forbidden' | 'stuck' | 'safety-finding' | 'soft-conflict' | 'patient-merged';
  readonly patientId: string | null;
  readonly raisedAt: string;
  readonly sentence: string;
  readonly rule: string;
  readonly resource?: string;
  readonly mine?: { readonly author: string; readonly recordedAt: string; readonly resource: ResourceJson };
  readonly theirs?: {
    readonly author: string;
    /** What the service says of whoever wrote it: role, organisation, and when it was recorded. */
    readonly role?: string;
    readonly organisation?: string;
    readonly recordedAt?: string;
    readonly resource: ResourceJson | null;
  };
  readonly differences: readonly {
    readonly path: string;
    readonly mine: unknown;
    readonly theirs: unknown;
  }[];
  readonly choices: readonly AttentionChoice[];
  /** What `keep-mine` writes: where elements can be told apart, mine laid over what stands. */
  readonly kept?: ResourceJson;
  /** The version that stands at the service, on which a decision is based; null after a deletion. */
  readonly currentVersion?: number | null;
  /** Operations that a `skip` or a `retry` is about. */
  readonly operations: readonly SignedOperation[];
  readonly lane?: Lane;
  /** Of a refused save whose corrected version waits to be sent: when that was saved. */
  readonly correctedAt?: string;
}

/** An open conflict as the service tells it, or as the answer to a push told it. */
export interface OpenConflict {
  readonly conflictId: string;
  readonly rule: string;
  readonly raisedAt: string;
  readonly losing: SignedOperation;
  readonly currentVersion: number | null;
  readonly current: ResourceJson | null;
  /** The version on which the losing author worked; absent where nobody has it. */
  readonly base?: ResourceJson;
  readonly standing?: StandingAuthor;
}

/** What the service answered when it was asked for open conflicts. */
export interface OpenConflicts {
  readonly told: readonly OpenConflict[];
  /** Ids of all that nobody has settled; those that this person may not see are in here alone. */
  readonly open: ReadonlySet<string>;
}

export interface Finding {
  readonly taskId: string;
  readonly text: string;
  readonly patientId: string | null;
  readonly raisedAt: string;
}

export interface AttentionInput {
  readonly journal: readonly JournaledOperation[];
  readonly waiting: readonly SignedOperation[];
  readonly holds: ReadonlyMap<Lane, LaneHold>;
  /** The service's list, once it was heard; null before. */
  readonly openConflicts: OpenConflicts | null;
  readonly findings: readonly Finding[];
  /** Operations whose fresh base had another author's work in between. */
  readonly softConflicts: ReadonlySet<string>;
  /** Item ids and operation ids that a person has settled. */
  readonly closed: ReadonlySet<string>;
}

/** Everything that waits for a person, each thing once. Order: as raised. */
export function attentionItems(input: AttentionInput): readonly AttentionFact[] {
  const items = new Map<string, AttentionFact>();
  const add = (item: AttentionFact): void => {
    if (!input.closed.has(item.itemId) && !items.has(item.itemId)) items.set(item.itemId, item);
  };
  for (const conflict of input.openConflicts?.told ?? []) add(conflictItem(conflict));
  const replacing = replacements(input.journal);
  const refusedGroups = new Set<string>();
  for (const { signed, settlement } of input.journal) {
    if (settlement === null || input.closed.has(signed.operation.opId)) continue;
    const { outcome } = settlement;
    if (outcome.outcome === 'conflict' && !isSettledThere(outcome.conflictId, input)) {
      add(conflictItem({ ...outcome, losing: signed, raisedAt: signed.operation.recordedAt.wallClock }));
    }
    if (outcome.outcome === 'rejected' && !refusedGroups.has(signed.operation.groupId)) {
      // A save is refused as a whole: it is one thing to decide.
      refusedGroups.add(signed.operation.groupId);
      const replacement = replacing.get(signed.operation.opId);
      if (replacement === undefined || replacement.settlement === null)
        add(rejectedItem(groupOf(signed, input.journal), replacement?.signed ?? null));
    }
    if (input.softConflicts.has(signed.operation.opId)) add(softConflictItem(signed));
  }
  for (const [lane, hold] of input.holds) {
    const held = input.waiting.filter((signed) => signed.operation.lane === lane);
    if (hold.kind === 'person' && held.length > 0) add(stuckItem(lane, hold, held));
  }
  for (const finding of input.findings) add(findingItem(finding));
  return [...items.values()];
}

/** The service has a list, and this conflict is not on it any more: somebody settled it. */
function isSettledThere(conflictId: string, { openConflicts }: AttentionInput): boolean {
  return openConflicts !== null && !openConflicts.open.has(conflictId);
}

function conflictItem(conflict: OpenConflict): AttentionFact {
  const { operation } = conflict.losing;
  const mine = operation.after;
  const rule = conflict.rule as MergeRule;
  const { standing } = conflict;
  const kept = mine === undefined ? undefined : keptOf(conflict, mine);
  const theirs = {
    author: standing?.name ?? theirAuthor(operation, conflict.current) ?? 'the service',
    ...(standing === undefined
      ? {}
      : { role: standing.role, organisation: standing.organisation, recordedAt: standing.recordedAt }),
    resource: conflict.current,
  };
  return {
    itemId: conflict.conflictId,
    kind: rule === 'patient-merged' ? 'patient-merged' : 'conflict',
    patientId: operation.patientId ?? null,
    raisedAt: conflict.raisedAt,
    sentence: conflictSentence({
      mine: { author: operation.author, operation },
      theirs: {
        author: namedAuthor(conflict.current),
        resource: conflict.current,
        ...(standing === undefined ? {} : { standing }),
      },
      rule,
    }),
    rule: ruleWords[rule],
    resource: operation.resource,
    ...(mine === undefined ? {} : { mine: versionOf(conflict.losing, mine) }),
    theirs,
    ...(kept === undefined ? {} : { kept }),
    differences:
      kept === undefined || conflict.current === null
        ? []
        : elementDiff(conflict.current, kept).map(({ path, before, after }) => ({
            path,
            mine: after ?? null,
            theirs: before ?? null,
          })),
    choices: conflictChoices(operation.resource.split('/')[0] ?? '', conflict.current === null, rule),
    currentVersion: conflict.currentVersion,
    operations: [conflict.losing],
  };
}

/**
 * Of demographics and of work in progress only what its author changed is kept: what a colleague changed meanwhile in
 * other elements stays as it stands. Entries of the clinical record are kept whole: their elements mean one thing
 * together.
 */
function keptOf({ base, current }: OpenConflict, mine: ResourceJson): ResourceJson {
  const resourceClass = conflictClassOf(mine.resourceType);
  const isByElement = resourceClass === 'demographics' || resourceClass === 'workflow';
  if (!isByElement || base === undefined || current === null) return mine;
  return mineOver(base, current, mine) as ResourceJson;
}

/** What a person may choose. A demographic detail cannot be both; a removed entry is put back or stays removed. */
function conflictChoices(
  resourceType: string,
  isDeleted: boolean,
  rule: MergeRule,
): readonly AttentionChoice[] {
  if (isDeleted) return ['restore', 'keep-theirs'];
  if (rule === 'pds-owned-element') return ['keep-theirs'];
  switch (conflictClassOf(resourceType)) {
    case 'demographics':
    case 'workflow':
      return ['keep-mine', 'keep-theirs'];
    case 'narrative':
      return ['keep-theirs', 'keep-both'];
    case 'append-only':
    case 'safety-list':
    case 'medication':
    case 'other':
      return ['keep-mine', 'keep-theirs', 'keep-both'];
  }
}

/** Every refused operation of one save, as they were saved. */
function groupOf(signed: SignedOperation, journal: readonly JournaledOperation[]): readonly Refused[] {
  return journal.flatMap((entry) =>
    entry.signed.operation.groupId === signed.operation.groupId &&
    entry.settlement?.outcome.outcome === 'rejected'
      ? [{ signed: entry.signed, outcome: entry.settlement.outcome }]
      : [],
  );
}

interface Refused {
  readonly signed: SignedOperation;
  readonly outcome: Extract<OperationOutcome, { outcome: 'rejected' }>;
}

/** What the service said of the entry itself; the others of its save were only refused with it. */
function culpritOf(group: readonly Refused[]): Refused | undefined {
  return group.find(({ outcome }) => !outcome.message.startsWith(REFUSED_WITH)) ?? group[0];
}

const REFUSED_WITH = 'Saved together with an entry that was refused';

function rejectedItem(group: readonly Refused[], correction: SignedOperation | null): AttentionFact {
  const first = group[0] as Refused;
  const { signed, outcome } = culpritOf(group) ?? first;
  const { operation } = signed;
  const what = operation.after === undefined ? 'a decision' : entryWords(operation.after);
  const others = group.length === 1 ? '' : `, and the ${group.length - 1} saved with it`;
  const by = `saved by ${roleWords[operation.author.role]} ${operation.author.name}`;
  return {
    itemId: `rejected:${first.signed.operation.opId}`,
    kind: 'rejected',
    patientId: operation.patientId ?? null,
    raisedAt: operation.recordedAt.wallClock,
    sentence:
      correction === null
        ? `The record service did not take ${what}${others}, ${by}. It is kept on this computer.`
        : `Corrected: ${what}${others}, ${by}. The corrected version waits to be sent; until then this has reached nobody.`,
    rule: ruleOfRefusal(outcome),
    resource: operation.resource,
    ...(operation.after === undefined ? {} : { mine: versionOf(signed, operation.after) }),
    differences: [],
    choices: correction === null ? ['will-not-send'] : [],
    operations: group.map((one) => one.signed),
    ...(correction === null ? {} : { correctedAt: correction.operation.recordedAt.wallClock }),
  };
}

/** The rule in words, and what the service said of the entry, where that says more. */
function ruleOfRefusal({ code, message }: Refused['outcome']): string {
  const words = rejectionWords[code];
  return code === 'invalid-resource' && message !== '' ? `${words} It said: ${message}` : words;
}

function softConflictItem(signed: SignedOperation): AttentionFact {
  const { operation } = signed;
  const what = operation.after === undefined ? 'this entry' : entryWords(operation.after);
  return {
    itemId: `soft:${operation.opId}`,
    kind: 'soft-conflict',
    patientId: operation.patientId ?? null,
    raisedAt: operation.recordedAt.wallClock,
    sentence: `A colleague also changed ${what} while you were working on it. Yours stands; please look at both.`,
    rule: 'Changed since you saw this patient.',
    resource: operation.resource,
    ...(operation.after === undefined ? {} : { mine: versionOf(signed, operation.after) }),
    differences: [],
    choices: ['acknowledge'],
    operations: [signed],
  };
}

function stuckItem(
  lane: Lane,
  hold: Extract<LaneHold, { kind: 'person' }>,
  held: readonly SignedOperation[],
): AttentionFact {
  const ordered = [...held].sort((left, right) => left.operation.laneSeq - right.operation.laneSeq);
  const first = ordered[0] as SignedOperation;
  const group = ordered.filter((signed) => signed.operation.groupId === first.operation.groupId);
  const behind = ordered.length - group.length;
  const waits =
    behind === 0
      ? ''
      : ` ${behind === 1 ? 'One later entry waits' : `${behind} later entries wait`} behind it.`;
  return {
    itemId: `lane:${first.operation.opId}`,
    kind: hold.reason === 'forbidden' ? 'forbidden' : 'stuck',
    patientId: first.operation.patientId ?? null,
    raisedAt: first.operation.recordedAt.wallClock,
    sentence: `A save by ${roleWords[first.operation.author.role]} ${first.operation.author.name} could not be sent.${waits}`,
    rule: hold.message,
    resource: first.operation.resource,
    ...(first.operation.after === undefined ? {} : { mine: versionOf(first, first.operation.after) }),
    differences: [],
    choices: retryAlone.has(hold.reason) ? ['retry'] : ['retry', 'skip'],
    operations: group,
    lane,
  };
}

/** Nothing is wrong with the work itself: leaving it out is no answer. */
const retryAlone: ReadonlySet<HoldReason> = new Set(['gap', 'forked', 'uncertified']);

function findingItem(finding: Finding): AttentionFact {
  return {
    itemId: `finding:${finding.taskId}`,
    kind: 'safety-finding',
    patientId: finding.patientId,
    raisedAt: finding.raisedAt,
    sentence: finding.text,
    rule: 'Changed since you saw this patient.',
    differences: [],
    choices: ['acknowledge'],
    operations: [],
  };
}

function versionOf(signed: SignedOperation, resource: ResourceJson): NonNullable<AttentionFact['mine']> {
  const { author, recordedAt } = signed.operation;
  return { author: author.name, recordedAt: recordedAt.wallClock, resource };
}
