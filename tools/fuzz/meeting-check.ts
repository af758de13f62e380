import { safetyRelevantTypes } from '../../record-service/sync/combined-safety-port.ts';
import { personOf, safetyRules } from './service-model.ts';
import { contentOf } from './service-transaction.ts';
import type { CommittedVersion } from './service-transaction.ts';
import { Violation } from './violation.ts';
import type { World } from './world.ts';

/**
 * I16: what the rules find between two people's work that met without its author knowing has been put to both of them
 * and to the practice's queue.
 */
export function combinedSafetyIsTold(world: World): void {
  const { service } = world;
  const tasks = safetyTasksOf(world);
  for (const versions of service.versions.values()) {
    for (const version of versions) {
      const operation =
        version.opId === null ? undefined : service.ledger.get(version.opId)?.signed.operation;
      if (operation === undefined || !isSafetyRelevant(version)) continue;
      const seen = operation.seen?.epoch === version.epoch ? operation.seen.position : 0;
      const others = [...service.versions.values()]
        .map((all) => all.filter(({ position }) => position < version.position).at(-1))
        .filter((other) => other !== undefined)
        .filter(
          (other) =>
            isSafetyRelevant(other) &&
            other.patientId === version.patientId &&
            other.position > seen &&
            other.author !== version.author &&
            (other.type !== version.type || other.id !== version.id),
        );
      if (others.length === 0) continue;
      const findings = safetyRules({
        mine: [entryOf(version)],
        others: others.map(entryOf),
        today: '1970-01-01',
      });
      for (const { code, text, resources } of findings) {
        // An entry that no rule can read is one task for all that it met, whichever that names.
        if (code === 'not-checked') continue;
        const authors = others
          .filter(({ type, id }) => resources.includes(`${type}/${id}`))
          .map(({ author }) => author);
        for (const author of [null, version.author, ...authors]) {
          const owner = author === null ? null : `Practitioner/${personOf(author).practitionerId}`;
          if (!tasks.some((task) => task.owner === owner && resources.every((key) => task.about.has(key))))
            throw new Violation('I16', `${author ?? 'the practice'} was not told: ${text}`);
        }
      }
    }
  }
}

function isSafetyRelevant({ type, deleted, content }: CommittedVersion): boolean {
  return safetyRelevantTypes.includes(type) && !deleted && content !== null;
}

function entryOf(version: CommittedVersion) {
  return {
    resource: contentOf(version) ?? { resourceType: version.type, id: version.id },
    author: { id: version.author, name: personOf(version.author).name },
    recorded: version.lastUpdated,
  };
}

function safetyTasksOf({ service }: World): readonly {
  readonly owner: string | null;
  readonly about: ReadonlySet<string>;
}[] {
  return [...service.versions].flatMap(([key, [first]]) => {
    if (!key.startsWith('Task/') || first?.content?.includes('combined-safety') !== true) return [];
    const task = contentOf(first) as unknown as {
      readonly owner?: { readonly reference: string };
      readonly input: readonly { readonly valueString: string }[];
    };
    return [
      {
        owner: task.owner?.reference ?? null,
        about: new Set(task.input.map(({ valueString }) => valueString)),
      },
    ];
  });
}
