import { objectOf, objectsOf, textOf } from './source.ts';

/**
 * The name of the source system where none is given: the identifier system that most entries of the file carry.
 * Undefined where no entry carries one.
 */
export function sourceSystemOf(bundle: unknown): string | undefined {
  const counts = new Map<string, number>();
  for (const entry of objectsOf(objectOf(bundle)?.['entry'])) {
    const resource = objectOf(entry['resource']);
    if (!resource || NAMED_BY_NATION.has(textOf(resource['resourceType']) ?? '')) continue;
    const identifiers = resource['identifier'];
    for (const identifier of Array.isArray(identifiers) ? objectsOf(identifiers) : objectsOf([identifiers])) {
      const system = textOf(identifier['system']);
      if (system !== undefined) counts.set(system, (counts.get(system) ?? 0) + 1);
    }
  }
  return [...counts].sort((left, right) => right[1] - left[1] || left[0].localeCompare(right[0]))[0]?.[0];
}

/** Their identifiers are national (NHS number, ODS code, SDS user), not the source's own. */
const NAMED_BY_NATION: ReadonlySet<string> = new Set(['Patient', 'Organization', 'Practitioner', 'Location']);
