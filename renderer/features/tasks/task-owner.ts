import type { Organization, Practitioner } from '@medplum/fhirtypes';
import { displayName } from '../../../domain/clinical/patient-name.ts';
import { parseForView } from '../../../domain/fhir/exact-json.ts';
import type { TaskLine } from '../../cache/index.ts';
import { useBagQuery } from '../bag/index.ts';

const NO_NAMES: ReadonlyMap<string, string> = new Map();

/** Names of the practice's people and teams, by reference. */
export function useOwnerNames(): ReadonlyMap<string, string> {
  const { value } = useBagQuery(
    'task owners',
    async (bag) => {
      const shared = await bag.shared(['Practitioner', 'Organization']);
      return new Map(
        shared.map(({ source, text }) => {
          const one = parseForView(text) as Practitioner | Organization;
          const name = one.resourceType === 'Organization' ? one.name : displayName(one.name?.[0] ?? null);
          return [source.key, name ?? ''] as const;
        }),
      );
    },
    (notice) => notice.kind === 'shared',
  );
  return value ?? NO_NAMES;
}

/** What the record service raises without an owner stands in the practice's duty queue. */
const DUTY_KINDS: ReadonlySet<string> = new Set(['safety', 'clinical', 'administrative']);

/** Whose task it is: the name that it bears, else the practice's own for that person or team; never a bare id. */
export function ownerWords({ owner, kind }: TaskLine['task'], names: ReadonlyMap<string, string>): string {
  if (owner === null) return DUTY_KINDS.has(kind ?? '') ? 'Duty team' : 'Anybody';
  const known = names.get(owner.reference ?? '') ?? '';
  return known === '' ? owner.name : known;
}
