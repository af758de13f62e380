import type { Reference } from '@medplum/fhirtypes';

export type ResourceReference = { readonly type: string; readonly id: string };

/**
 * Type and id of a reference: relative (`Patient/1`), absolute, with or without `/_history/…`.
 * Null for contained (`#x`), `urn:uuid:` and logical references, which name no stored resource.
 */
export function parseReference(reference: string | undefined): ResourceReference | null {
  if (reference === undefined) return null;
  const match = /(?:^|\/)([A-Z][A-Za-z]+)\/([A-Za-z0-9\-.]{1,64})(?:\/_history\/[A-Za-z0-9\-.]{1,64})?$/.exec(
    reference,
  );
  return match?.[1] !== undefined && match[2] !== undefined ? { type: match[1], id: match[2] } : null;
}

/** Whether a reference names this resource. */
export function refersTo(reference: Reference | undefined, type: string, id: string): boolean {
  const parsed = parseReference(reference?.reference);
  return parsed?.type === type && parsed.id === id;
}

/** The id that a reference names when it is of this type. */
export function referencedId(reference: Reference | undefined, type: string): string | null {
  const parsed = parseReference(reference?.reference);
  return parsed?.type === type ? parsed.id : null;
}
