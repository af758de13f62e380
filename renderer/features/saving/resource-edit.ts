import type { ResourceChange } from '../../../contract/channels/record.ts';
import { parseExact, stringifyExact } from '../../../domain/fhir/exact-json.ts';
import type { ResourceAsShown } from '../../cache/index.ts';

/** A resource as data, decimals as written. */
export type EditableResource = Readonly<Record<string, unknown>>;

/** The change from what stood on the screen to what `edit` makes of it. */
export function changeOf(
  shown: ResourceAsShown,
  kind: 'amend' | 'correct' | 'void',
  edit: (resource: EditableResource) => EditableResource,
  reason?: string,
): ResourceChange {
  const after = edit(parseExact(shown.text) as EditableResource);
  return {
    kind,
    resource: shown.source.key,
    before: shown.text,
    after: stringifyExact(after),
    ...(shown.source.version === null ? {} : { baseVersion: shown.source.version }),
    ...(reason === undefined ? {} : { reason }),
  };
}
