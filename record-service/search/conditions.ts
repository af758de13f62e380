import { splitSearchOnComma, type Filter } from '@medplum/core';
import { sql, type RawBuilder, type SqlBool } from 'kysely';
import { dateRange, type DateRange } from './date-range.ts';
import { fold } from './fold.ts';
import { LONGEST_VALUE } from './index-values.ts';
import { searchParameters, type SearchParameter } from './parameters.ts';
import { SearchError } from './search-error.ts';

export type Condition = RawBuilder<SqlBool>;

export interface ConditionContext {
  readonly organisation: string;
  /** May the searcher search this type at all? Asked for every type that a chain leads to. */
  readonly mayReach: (type: string) => boolean;
}

/**
 * The condition that a filter puts on a row of `resource` under the name `row`.
 * @throws SearchError for a parameter, modifier or value that is not understood: nothing is ignored in silence
 */
export function conditionOf(context: ConditionContext, type: string, row: string, filter: Filter): Condition {
  const id = sql.ref(`${row}.id`);
  if (filter.code === '_id') {
    if (filter.operator !== 'eq') throw unsupportedModifier(filter);
    return sql<SqlBool>`${id} in (${sql.join(splitSearchOnComma(filter.value))})`;
  }
  if (filter.code === '_lastUpdated') {
    return either(filter, (value) =>
      instantCondition(sql.ref(`${row}.last_updated`), dateOperatorOf(filter), rangeOf(filter, value)),
    );
  }
  if (filter.code.includes('.')) return chainedCondition(context, type, row, filter);

  const parameter = searchParameters.get(type)?.[filter.code];
  if (parameter === undefined) {
    throw new SearchError('not-supported', `${type} cannot be searched by "${filter.code}" here.`);
  }
  const indexed = entryOf(context, type, row, parameter, filter.code);
  if (filter.operator === 'missing') {
    const there = indexed(sql<SqlBool>`true`);
    return filter.value === 'true' ? sql<SqlBool>`not ${there}` : there;
  }
  switch (parameter.kind) {
    case 'token':
      if (filter.operator === 'eq') return indexed(either(filter, tokenCondition));
      if (filter.operator === 'not') return sql<SqlBool>`not ${indexed(either(filter, tokenCondition))}`;
      throw unsupportedModifier(filter);
    case 'string':
      if (filter.operator === 'eq') return indexed(either(filter, startsWith));
      if (filter.operator === 'contains') return indexed(either(filter, containing));
      throw unsupportedModifier(filter);
    case 'date':
      return indexed(
        either(filter, (value) => periodCondition(dateOperatorOf(filter), rangeOf(filter, value))),
      );
    case 'reference':
      if (filter.operator !== 'eq') throw unsupportedModifier(filter);
      return indexed(either(filter, (value) => referenceCondition(parameter, value)));
  }
}

const tables = {
  token: 'search_token',
  string: 'search_string',
  date: 'search_date',
  reference: 'search_reference',
} as const;

/** "There is an index entry of this parameter for that row such that …". */
function entryOf(
  context: ConditionContext,
  type: string,
  row: string,
  parameter: SearchParameter,
  name: string,
): (such: Condition) => Condition {
  const target =
    parameter.kind === 'reference' && parameter.target !== undefined
      ? sql` and entry.target_type = ${parameter.target}`
      : sql``;
  return (such) => sql<SqlBool>`exists (
    select 1 from ${sql.table(tables[parameter.kind])} as entry
    where entry.organisation = ${context.organisation} and entry.type = ${type}
      and entry.parameter = ${parameter.indexedAs ?? name}${target}
      and entry.id = ${sql.ref(`${row}.id`)} and ${such})`;
}

/** `patient.identifier=…`, `encounter:Encounter.status=…`: one step. */
function chainedCondition(context: ConditionContext, type: string, row: string, filter: Filter): Condition {
  const [link, ...rest] = filter.code.split('.');
  const [name, named] = (link ?? '').split(':');
  const parameter = searchParameters.get(type)?.[name ?? ''];
  const target = named ?? parameter?.target;
  if (parameter?.kind !== 'reference' || target === undefined || rest.length !== 1 || row !== 'resource') {
    throw new SearchError(
      'not-supported',
      `${type} cannot be searched by "${filter.code}" here. A chain has one step and names its type, e.g. subject:Patient.identifier.`,
    );
  }
  if (!context.mayReach(target)) throw new SearchError('forbidden', `You may not search by ${target}.`);
  const inner = conditionOf(context, target, 'target', { ...filter, code: rest[0] ?? '' });
  return entryOf(
    context,
    type,
    row,
    parameter,
    name ?? '',
  )(sql<SqlBool>`exists (
    select 1 from resource as target
    where target.organisation = ${context.organisation} and target.type = ${target}
      and entry.target_type = ${target} and target.id = entry.target_id and not target.deleted and ${inner})`);
}

function either(filter: Filter, condition: (value: string) => Condition): Condition {
  // Missing or empty values would match everything or nothing: neither was meant.
  const values = splitSearchOnComma(filter.value).filter((value) => value !== '');
  if (values.length === 0) throw new SearchError('invalid', `"${filter.code}" has no value.`);
  return sql<SqlBool>`(${sql.join(values.map(condition), sql` or `)})`;
}

function tokenCondition(value: string): Condition {
  const bar = value.indexOf('|');
  if (bar < 0) return sql<SqlBool>`entry.code = ${value.slice(0, LONGEST_VALUE)}`;
  const system = value.slice(0, bar).slice(0, LONGEST_VALUE);
  const code = value.slice(bar + 1).slice(0, LONGEST_VALUE);
  if (code === '') return sql<SqlBool>`entry.system = ${system}`;
  return sql<SqlBool>`(entry.system = ${system} and entry.code = ${code})`;
}

function startsWith(value: string): Condition {
  return sql<SqlBool>`entry.value like ${escapeLike(fold(value).slice(0, LONGEST_VALUE))} || '%'`;
}

function containing(value: string): Condition {
  return sql<SqlBool>`entry.value like '%' || ${escapeLike(fold(value).slice(0, LONGEST_VALUE))} || '%'`;
}

function escapeLike(text: string): string {
  return text.replaceAll(/[\\%_]/g, (character) => `\\${character}`);
}

function referenceCondition(parameter: SearchParameter, value: string): Condition {
  const match = /(?:^|\/)([A-Z][A-Za-z]+)\/([A-Za-z0-9.-]{1,64})$/.exec(value);
  if (match !== null) {
    return sql<SqlBool>`(entry.target_type = ${match[1]} and entry.target_id = ${match[2]})`;
  }
  if (parameter.target !== undefined) {
    return sql<SqlBool>`(entry.target_type = ${parameter.target} and entry.target_id = ${value})`;
  }
  return sql<SqlBool>`entry.target_id = ${value}`;
}

function rangeOf(filter: Filter, value: string): DateRange {
  const range = dateRange(value);
  if (range === undefined)
    throw new SearchError(
      'invalid',
      `"${filter.code}" wants a date: YYYY, YYYY-MM, YYYY-MM-DD or a time with its zone.`,
    );
  return range;
}

const dateOperators = ['eq', 'ne', 'gt', 'ge', 'lt', 'le', 'sa', 'eb'] as const;
type DateOperator = (typeof dateOperators)[number];

function dateOperatorOf(filter: Filter): DateOperator {
  const operator = dateOperators.find((one) => one === filter.operator);
  if (operator === undefined) throw unsupportedModifier(filter);
  return operator;
}

/** R4 3.1.1.4.5: an indexed date is itself a range, `entry.low` to `entry.high`. */
function periodCondition(operator: DateOperator, { low, high }: DateRange): Condition {
  switch (operator) {
    case 'eq':
      return sql<SqlBool>`(entry.low >= ${low} and entry.high <= ${high})`;
    case 'ne':
      return sql<SqlBool>`not (entry.low >= ${low} and entry.high <= ${high})`;
    case 'gt':
      return sql<SqlBool>`entry.high > ${high}`;
    case 'ge':
      return sql<SqlBool>`entry.high >= ${low}`;
    case 'lt':
      return sql<SqlBool>`entry.low < ${low}`;
    case 'le':
      return sql<SqlBool>`entry.low <= ${high}`;
    case 'sa':
      return sql<SqlBool>`entry.low > ${high}`;
    case 'eb':
      return sql<SqlBool>`entry.high < ${low}`;
  }
}

function instantCondition(
  column: RawBuilder<unknown>,
  operator: DateOperator,
  { low, high }: DateRange,
): Condition {
  const from = sql`${low}::timestamptz`;
  const to = sql`${high}::timestamptz`;
  switch (operator) {
    case 'eq':
      return sql<SqlBool>`${column} between ${from} and ${to}`;
    case 'ne':
      return sql<SqlBool>`${column} not between ${from} and ${to}`;
    case 'gt':
    case 'sa':
      return sql<SqlBool>`${column} > ${to}`;
    case 'ge':
      return sql<SqlBool>`${column} >= ${from}`;
    case 'lt':
    case 'eb':
      return sql<SqlBool>`${column} < ${from}`;
    case 'le':
      return sql<SqlBool>`${column} <= ${to}`;
  }
}

function unsupportedModifier(filter: Filter): SearchError {
  return new SearchError('not-supported', `"${filter.code}:${filter.operator}" is not answered here.`);
}
