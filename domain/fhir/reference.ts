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
