import type { ResourceChange } from '../../../contract/channels/record.ts';
import type { SignedInUser } from '../../../contract/channels/session.ts';
import { parseExact, stringifyExact } from '../../../domain/fhir/exact-json.ts';
import type { EditContext, RecordEdit } from '../../../domain/record/record-edit.ts';
import type { ResourceAsShown } from '../../cache/index.ts';
import { localInstant } from '../../ui/index.ts';
import { ROLE_WORDS } from '../session/index.ts';
import { newId } from './new-id.ts';

/** Who writes, for whom, now. */
export function editContext(user: SignedInUser, patientId: string, encounterId?: string): EditContext {
  return {
    patientId,
    author: { practitionerId: user.practitionerId, name: user.name, role: ROLE_WORDS[user.role] },
    recorded: localInstant(),
    newId,
    ...(encounterId === undefined ? {} : { encounterId }),
  };
}

/** The resource as the builders of domain/record take it, decimals as written. */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- the caller knows the type by the key that it asked for
export function resourceOf<Resource>(shown: ResourceAsShown): Resource {
  return parseExact(shown.text) as Resource;
}

/** A change as main takes it. @param shown what stood on the screen, for all but `create` and `append` */
export function changeFrom(edit: RecordEdit, shown?: ResourceAsShown): ResourceChange {
  return {
    kind: edit.kind,
    resource: `${edit.after.resourceType}/${edit.after.id}`,
    after: stringifyExact(edit.after),
    ...(shown === undefined ? {} : { before: shown.text }),
    ...(shown === undefined || shown.source.version === null ? {} : { baseVersion: shown.source.version }),
    ...(edit.reason === undefined ? {} : { reason: edit.reason }),
  };
}
