import { formatSearchQuery, type SearchRequest, type SortRule } from '@medplum/core';
import { sql, type RawBuilder, type SqlBool } from 'kysely';
import type { RecordReader, StoredVersion } from '../store/record-store.ts';
import { versionOf, type VersionRow } from '../store/version-rows.ts';
import { conditionOf, type Condition, type ConditionContext } from './conditions.ts';
import { openCursor, sealCursor } from './page-cursor.ts';
import { isSortable, searchParameters } from './parameters.ts';
import { SearchError } from './search-error.ts';

export interface SearchOptions {
  readonly mayReach: ConditionContext['mayReach'];
  /** A further condition on every match, e.g. that a Task is an administrative one. */
  readonly restriction?: Condition;
  readonly pageSecret: Buffer;
}

export interface SearchPage {
  readonly matches: readonly StoredVersion[];
  /** For `_cursor` of the next page; absent on the last one. */
  readonly next?: string;
  /** Where it was asked for. */
  readonly total?: number;
}

export const DEFAULT_PAGE = 50;
export const LARGEST_PAGE = 1000;

interface SortKey {
  readonly value: RawBuilder<string>;
  readonly descending: boolean;
}

/**
 * One page of live resources of a type. Paging goes by the sort values of the last match (keyset), with the id as
 * last word, so writes in between neither repeat nor drop a resource whose sort values stayed.
 */
export async function search(
  reader: RecordReader,
  request: SearchRequest,
  options: SearchOptions,
): Promise<SearchPage> {
  const type = request.resourceType;
  if (!searchParameters.has(type)) throw new SearchError('not-supported', `${type} is not kept here.`);
  if ((request.offset ?? 0) > 0) {
    throw new SearchError('not-supported', 'Pages are followed by their "next" link, not by _offset.');
  }
  const context: ConditionContext = { organisation: reader.organisation, mayReach: options.mayReach };
  const conditions: Condition[] = [
    sql<SqlBool>`resource.organisation = ${reader.organisation}`,
    sql<SqlBool>`resource.type = ${type}`,
    sql<SqlBool>`not resource.deleted`,
    ...(options.restriction === undefined ? [] : [options.restriction]),
    ...(request.filters ?? []).map((filter) => conditionOf(context, type, 'resource', filter)),
  ];
  const keys = [...(request.sortRules ?? []).map((rule) => sortKeyOf(context, type, rule)), idKey];
  const total = request.total === 'accurate' ? await countMatches(reader, conditions) : undefined;
  const count = Math.min(request.count ?? DEFAULT_PAGE, LARGEST_PAGE);
  if (!(count >= 0)) throw new SearchError('invalid', '_count wants a number from 0 up.');
  if (count === 0) return { matches: [], ...(total === undefined ? {} : { total }) };

  const query = cursorScope(request);
  if (request.cursor !== undefined) {
    const { values } = openCursor(options.pageSecret, query, request.cursor);
    conditions.push(afterCursor(keys, values));
  }
  const { rows } = await sql<VersionRow & Record<`sort_${number}`, string>>`
    select resource.type, resource.id, resource.version, resource.patient_id, resource.deleted, resource.content,
           resource.digest, resource.last_updated, resource.author,
           ${sql.join(keys.map((key, index) => sql`${key.value} as ${sql.ref(`sort_${index}`)}`))}
    from resource where ${sql.join(conditions, sql` and `)}
    order by ${sql.join(keys.map((key) => sql`${key.value} ${sql.raw(key.descending ? 'desc' : 'asc')}`))}
    limit ${count + 1}`.execute(reader.database);

  const page = rows.slice(0, count);
  const last = rows.length > count ? page.at(-1) : undefined;
  const values = last === undefined ? undefined : keys.map((_, index) => last[`sort_${index}`] ?? '');
  return {
    matches: page.map(versionOf),
    ...(values === undefined ? {} : { next: sealCursor(options.pageSecret, query, { values }) }),
    ...(total === undefined ? {} : { total }),
  };
}

/** The search that a cursor belongs to: all but the cursor itself, and how much is asked for at a time. */
function cursorScope(request: SearchRequest): string {
  const { resourceType, filters, sortRules, include, revInclude } = request;
  return `${resourceType}${formatSearchQuery({
    resourceType,
    ...(filters === undefined ? {} : { filters }),
    ...(sortRules === undefined ? {} : { sortRules }),
    ...(include === undefined ? {} : { include }),
    ...(revInclude === undefined ? {} : { revInclude }),
  })}`;
}

async function countMatches(reader: RecordReader, conditions: readonly Condition[]): Promise<number> {
  const { rows } = await sql<{ total: number }>`
    select count(*) as total from resource where ${sql.join(conditions, sql` and `)}`.execute(
    reader.database,
  );
  return rows[0]?.total ?? 0;
}

const idKey: SortKey = { value: sql<string>`resource.id`, descending: false };

function sortKeyOf(context: ConditionContext, type: string, rule: SortRule): SortKey {
  const descending = rule.descending === true;
  if (rule.code === '_id') return { value: sql<string>`resource.id`, descending };
  if (rule.code === '_lastUpdated') {
    return {
      // As text, so that a cursor holds it exactly: written with milliseconds, compared in UTC.
      value: sql<string>`to_char(resource.last_updated at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US') collate "C"`,
      descending,
    };
  }
  const parameter = searchParameters.get(type)?.[rule.code];
  if (parameter === undefined || !isSortable(parameter)) {
    throw new SearchError('not-supported', `${type} cannot be sorted by "${rule.code}" here.`);
  }
  const name = parameter.indexedAs ?? rule.code;
  const table = parameter.kind === 'date' ? 'search_date' : 'search_string';
  const column = parameter.kind === 'string' ? 'value' : descending ? 'high' : 'low';
  // R4 3.1.1.5.2: of several values the least counts when ascending, the greatest when descending. None sorts as ''.
  return {
    value: sql<string>`coalesce((
      select ${sql.raw(descending ? 'max' : 'min')}(${sql.ref(`sorted.${column}`)})
      from ${sql.table(table)} as sorted
      where sorted.organisation = ${context.organisation} and sorted.type = ${type}
        and sorted.id = resource.id and sorted.parameter = ${name}), '')`,
    descending,
  };
}

/** `(a > x) or (a = x and b > y) or …`, each key in its own direction. */
function afterCursor(keys: readonly SortKey[], values: readonly string[]): Condition {
  const alternatives = keys.map((key, index) => {
    const equal = keys
      .slice(0, index)
      .map((earlier, at) => sql<SqlBool>`${earlier.value} = ${values[at] ?? ''}`);
    const beyond = sql<SqlBool>`${key.value} ${sql.raw(key.descending ? '<' : '>')} ${values[index] ?? ''}`;
    return sql<SqlBool>`(${sql.join([...equal, beyond], sql` and `)})`;
  });
  return sql<SqlBool>`(${sql.join(alternatives, sql` or `)})`;
}
