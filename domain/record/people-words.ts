import type { HumanName, Practitioner, Reference } from '@medplum/fhirtypes';
import { parseReference } from '../fhir/reference.ts';
import type { RecordContents } from './record-contents.ts';

/** A member of staff or an organisation in words: `Dr Amara Okafor`. Null where the record does not say. */
export function nameOfReference(
  reference: Reference | undefined,
  contents: RecordContents,
  container?: Parameters<RecordContents['resolve']>[2],
): string | null {
  if (reference === undefined) return null;
  const practitioner = contents.resolve(reference, 'Practitioner', container);
  if (practitioner) return practitionerName(practitioner) ?? reference.display ?? null;
  const organisation = contents.resolve(reference, 'Organization', container);
  if (organisation) return organisation.name ?? reference.display ?? null;
  const role = contents.resolve(reference, 'PractitionerRole', container);
  if (role) {
    return (
      nameOfReference(role.practitioner, contents, role) ??
      nameOfReference(role.organization, contents, role) ??
      reference.display ??
      null
    );
  }
  const location = contents.resolve(reference, 'Location', container);
  if (location) return location.name ?? reference.display ?? null;
  const relative = contents.resolve(reference, 'RelatedPerson', container);
  if (relative) return humanName(relative.name) ?? reference.display ?? null;
  if (reference.display !== undefined) return reference.display;
  return parseReference(reference.reference)?.type === 'Patient' ? 'The patient' : null;
}

function practitionerName(practitioner: Practitioner): string | null {
  return humanName(practitioner.name);
}

function humanName(names: readonly HumanName[] | undefined): string | null {
  const name = names?.find((one) => one.use === 'usual' || one.use === 'official') ?? names?.[0];
  if (!name) return null;
  const words = [...(name.prefix ?? []), ...(name.given ?? []), name.family ?? ''].filter(
    (word) => word !== '',
  );
  return name.text ?? (words.length > 0 ? words.join(' ') : null);
}
