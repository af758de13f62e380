import type { IncludeTarget, SearchRequest } from '@medplum/core';
import { sql } from 'kysely';
import type { RecordReader, ResourceRef, StoredVersion } from '../store/record-store.ts';
import { searchParameters } from './parameters.ts';
import { SearchError } from './search-error.ts';

/** More than this and the search is refused: a page must fit in memory, whatever is included. */
const MOST_INCLUDED = 2000;

/**
 * What `_include` and `_revinclude` add to a page's matches: live, each once, none that is a match already.
 * The caller checks who may see them.
 */
export async function readIncludes(
  reader: RecordReader,
  request: SearchRequest,
  matches: readonly StoredVersion[],
): Promise<StoredVersion[]> {
  const found = new Map<string, ResourceRef>();
  for (const target of request.include ?? []) {
    for (const ref of await forward(reader, target, matches)) found.set(`${ref.type}/${ref.id}`, ref);
  }
  for (const target of request.revInclude ?? []) {
    for (const ref of await backward(reader, target, matches)) found.set(`${ref.type}/${ref.id}`, ref);
  }
  for (const match of matches) found.delete(`${match.type}/${match.id}`);
  if (found.size > MOST_INCLUDED) {
    throw new SearchError('too-costly', 'This search includes too much at a time. Ask for a smaller _count.');
  }
  const versions = await reader.readMany([...found.values()]);
  return versions.filter((version) => !version.deleted);
}

async function forward(
  reader: RecordReader,
  target: IncludeTarget,
  matches: readonly StoredVersion[],
): Promise<ResourceRef[]> {
  const { indexedAs, only } = linkOf(target);
  const sources = matches.filter((match) => match.type === target.resourceType);
  if (sources.length === 0) return [];
  const { rows } = await sql<ResourceRef>`
    select distinct target_type as type, target_id as id from search_reference
    where organisation = ${reader.organisation} and type = ${target.resourceType} and parameter = ${indexedAs}
      and id in (${sql.join(sources.map((match) => match.id))})
      ${only === undefined ? sql`` : sql`and target_type = ${only}`}`.execute(reader.database);
  return rows;
}

async function backward(
  reader: RecordReader,
  target: IncludeTarget,
  matches: readonly StoredVersion[],
): Promise<ResourceRef[]> {
  const { indexedAs } = linkOf(target);
  const wanted = target.targetType;
  const targets = matches.filter((match) => wanted === undefined || match.type === wanted);
  const [first] = targets;
  if (first === undefined) return [];
  const { rows } = await sql<ResourceRef>`
    select distinct type, id from search_reference
    where organisation = ${reader.organisation} and type = ${target.resourceType} and parameter = ${indexedAs}
      and target_type = ${first.type} and target_id in (${sql.join(targets.map((match) => match.id))})
    limit ${MOST_INCLUDED + 1}`.execute(reader.database);
  return rows;
}

function linkOf(target: IncludeTarget): { indexedAs: string; only: string | undefined } {
  const parameter = searchParameters.get(target.resourceType)?.[target.searchParam];
  if (parameter?.kind !== 'reference' || target.modifier !== undefined) {
    throw new SearchError(
      'not-supported',
      `"${target.resourceType}:${target.searchParam}" cannot be included here.`,
    );
  }
  return {
    indexedAs: parameter.indexedAs ?? target.searchParam,
    only: target.targetType ?? parameter.target,
  };
}
