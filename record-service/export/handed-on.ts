import type { Resource } from '@medplum/fhirtypes';
import { enteredInErrorOf } from '../../domain/record/entry-view.ts';
import type { Mistake } from '../../domain/record/record-view.ts';
import { guardsOf } from '../../domain/record/guard.ts';

/** What of a record a document hands on, and what it must say of the rest. */
export interface HandedOn {
  /** Everything that counts. */
  readonly resources: readonly Resource[];
  /** Entered in error: handed on as such, with the reason, and counted nowhere. By `Type/id`. */
  readonly mistakes: ReadonlyMap<string, WithdrawnEntry>;
  /** `Type/id` of what is left out: neither its words nor a title that repeats them may stand anywhere. */
  readonly leftOut: ReadonlySet<string>;
  /** How many of those are marked as sensitive: that is said. Of safeguarding nothing is said. */
  readonly sensitive: number;
}

export interface WithdrawnEntry {
  readonly resource: Resource;
  readonly mistake: Mistake;
}

/** Safeguarding and what is marked as sensitive stay behind; see {@link guardsOf}. */
export function handedOn(record: readonly Resource[]): HandedOn {
  const guardOf = guardsOf(record);
  const resources: Resource[] = [];
  const mistakes = new Map<string, WithdrawnEntry>();
  const leftOut = new Set<string>();
  let sensitive = 0;
  for (const resource of record) {
    const key = `${resource.resourceType}/${resource.id ?? ''}`;
    const guard = guardOf(resource);
    const mistake = enteredInErrorOf(resource);
    if (guard !== null) leftOut.add(key);
    else if (mistake !== null) mistakes.set(key, { resource, mistake });
    else resources.push(resource);
    if (guard === 'sensitive') sensitive += 1;
  }
  return { resources, mistakes, leftOut, sensitive };
}
