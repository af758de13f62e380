import { parseExact } from '../../domain/fhir/exact-json.ts';
import { canonicalJson } from '../../domain/sync/canonical-json.ts';
import type { Operation, ResourceJson } from '../../domain/sync/operation.ts';
import type { StoredVersion } from '../store/record-store.ts';

/**
 * A later edit of a signed Composition as an addendum (sync.md, Conflicts: signed narrative): a Composition of its
 * own that appends to the version its author read and holds the sections that are new or different.
 */
export function addendumTo(operation: Operation, current: StoredVersion | null, id: string): ResourceJson {
  const { after } = operation;
  if (after === undefined || current?.content == null) throw new Error('an addendum adds to a signed text');
  const signed = parseExact(current.content) as ResourceJson;
  const known = new Set(sectionsOf(signed).map((section) => canonicalJson(section)));
  const sections = sectionsOf(after).filter((section) => !known.has(canonicalJson(section)));
  // The addendum is a document of its own: it takes over neither versions nor identifiers.
  const content = Object.fromEntries(
    Object.entries(after).filter(([element]) => element !== 'meta' && element !== 'identifier'),
  );
  const { relatesTo } = after;
  const read = operation.baseVersion ?? current.version;
  return {
    ...content,
    resourceType: 'Composition',
    id,
    status: 'final',
    date: operation.recordedAt.wallClock,
    title: `Addendum: ${typeof after['title'] === 'string' ? after['title'] : 'consultation'}`,
    author: [
      { reference: `Practitioner/${operation.author.practitionerId}`, display: operation.author.name },
    ],
    relatesTo: [
      ...(Array.isArray(relatesTo) ? (relatesTo as unknown[]) : []),
      { code: 'appends', targetReference: { reference: `${operation.resource}/_history/${read}` } },
    ],
    // Where only other elements differ, the whole text is kept: nothing of an author's words is dropped.
    ...(sections.length > 0 ? { section: sections } : {}),
  };
}

function sectionsOf(composition: ResourceJson): readonly unknown[] {
  return Array.isArray(composition['section']) ? (composition['section'] as unknown[]) : [];
}
