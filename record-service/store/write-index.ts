import { indexValuesOf, type IndexValues } from '../search/index-values.ts';
import type { ResourceJson } from '../../domain/sync/operation.ts';
import type { ResourceRef } from './record-store.ts';

const tables = {
  tokens: { table: 'search_token', columns: ['system', 'code'] },
  strings: { table: 'search_string', columns: ['value'] },
  dates: { table: 'search_date', columns: ['low', 'high'] },
  references: { table: 'search_reference', columns: ['target_type', 'target_id'] },
} as const;

/**
 * What is put into the index, as parts of a `with`: they ride along with the statement that writes the resources.
 * Its `$1` is the organisation; {@link indexOf} gives the parameters from `$first` on. Where somebody else created the
 * resource first, theirs stays: the statement's own answer tells of it.
 */
export function indexInserts(first: number): string {
  let parameter = first;
  return Object.values(tables)
    .map(({ table, columns }) => {
      const all = ['type', 'id', 'parameter', ...columns];
      const values = all.map(() => `$${parameter++}::text[]`);
      return `${table}_put as (
        insert into ${table} (organisation, ${all.join(', ')}) select $1, * from unnest(${values.join(', ')})
        on conflict do nothing)`;
    })
    .join(', ');
}

/** The index values of these resources, column by column, as {@link indexInserts} wants them. */
export function indexOf(resources: readonly ResourceJson[]): string[][] {
  const values = resources.map((resource) => ({ resource, values: indexValuesOf(resource) }));
  const rowsOf = <Kind extends keyof IndexValues>(kind: Kind) =>
    values.flatMap(({ resource, values: found }) =>
      found[kind].map((value) => ({ type: resource.resourceType, id: resource.id, ...value })),
    ) as (ResourceRef & IndexValues[Kind][number])[];
  const column = <Row, Key extends keyof Row>(rows: readonly Row[], key: Key) => rows.map((row) => row[key]);

  const tokens = rowsOf('tokens');
  const strings = rowsOf('strings');
  const dates = rowsOf('dates');
  const references = rowsOf('references');
  const place = (rows: readonly (ResourceRef & { readonly parameter: string })[]): string[][] => [
    column(rows, 'type'),
    column(rows, 'id'),
    column(rows, 'parameter'),
  ];
  return [
    ...place(tokens),
    column(tokens, 'system'),
    column(tokens, 'code'),
    ...place(strings),
    column(strings, 'value'),
    ...place(dates),
    column(dates, 'low'),
    column(dates, 'high'),
    ...place(references),
    column(references, 'targetType'),
    column(references, 'targetId'),
  ];
}
