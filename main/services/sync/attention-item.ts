import type { AttentionItem } from '../../../contract/channels/sync.ts';
import type { Conflict } from '../../../contract/record-service.ts';
import { parseExact, stringifyExact } from '../../../domain/fhir/exact-json.ts';
import type { AttentionFact, OpenConflict } from '../../../domain/sync/attention.ts';
import type { ResourceJson } from '../../../domain/sync/operation.ts';

/** A conflict as the service tells it. */
export function openConflict(conflict: Conflict): OpenConflict {
  return {
    conflictId: conflict.conflictId,
    rule: conflict.rule,
    raisedAt: conflict.raisedAt,
    losing: conflict.losing,
    currentVersion: conflict.currentVersion,
    current: conflict.current === null ? null : (parseExact(conflict.current) as ResourceJson),
    ...(conflict.base === undefined ? {} : { base: parseExact(conflict.base) as ResourceJson }),
    ...(conflict.standing === undefined ? {} : { standing: conflict.standing }),
  };
}

/** An attention fact as a screen takes it: resources as JSON text, decimals as written. */
export function itemOf(fact: AttentionFact): AttentionItem {
  return {
    itemId: fact.itemId,
    kind: fact.kind,
    patientId: fact.patientId,
    raisedAt: fact.raisedAt,
    sentence: fact.sentence,
    rule: fact.rule,
    ...(fact.resource === undefined ? {} : { resource: fact.resource }),
    ...(fact.mine === undefined
      ? {}
      : { mine: { ...fact.mine, resource: stringifyExact(fact.mine.resource) } }),
    ...(fact.theirs === undefined
      ? {}
      : {
          theirs: {
            ...fact.theirs,
            resource: fact.theirs.resource === null ? null : stringifyExact(fact.theirs.resource),
          },
        }),
    differences: fact.differences.map(({ path, mine, theirs }) => ({
      path,
      mine: mine === null ? null : stringifyExact(mine),
      theirs: theirs === null ? null : stringifyExact(theirs),
    })),
    choices: [...fact.choices],
    ...(fact.kind === 'rejected' ? { refused: refusedOf(fact) } : {}),
  };
}

/** The refused save as it was saved. */
function refusedOf({ operations, correctedAt }: AttentionFact): NonNullable<AttentionItem['refused']> {
  const [first] = operations;
  return {
    groupId: first?.operation.groupId ?? '',
    authorUserId: first?.operation.author.userId ?? '',
    operations: operations.flatMap(({ operation }) => {
      const { kind, after, resource, baseVersion, reason } = operation;
      if (kind === 'skip' || after === undefined) return [];
      return [
        {
          kind,
          resource,
          after: stringifyExact(after),
          ...(baseVersion === undefined ? {} : { baseVersion }),
          ...(reason === undefined ? {} : { reason }),
        },
      ];
    }),
    ...(correctedAt === undefined ? {} : { correctedAt }),
  };
}
