import { indexValuesOf, type IndexValues } from '../search/index-values.ts';
import type { ResourceJson } from '../../domain/sync/operation.ts';
import type { EngineConnection } from './engine.ts';
import type { ResourceRef } from './record-store.ts';

export async function removeFromIndex(
  connection: EngineConnection,
  organisation: string,
  refs: readonly ResourceRef[],
): Promise<void> {
  if (refs.length === 0) return;
  const those = 'where organisation = $1 and (type, id) in (select * from unnest($2::text[], $3::text[]))';
  await connection.query(
    `with tokens as (delete from search_token ${those}),
          strings as (delete from search_string ${those}),
          dates as (delete from search_date ${those})
     delete from search_reference ${those}`,
    [organisation, refs.map((ref) => ref.type), refs.map((ref) => ref.id)],
  );
}

export async function addToIndex(
  connection: EngineConnection,
  organisation: string,
  resources: readonly ResourceJson[],
): Promise<void> {
  const values = resources.map((resource) => ({ resource, values: indexValuesOf(resource) }));
  const rowsOf = <Kind extends keyof IndexValues>(kind: Kind) =>
    values.flatMap(({ resource, values: found }) =>
      found[kind].map((value) => ({ type: resource.resourceType, id: resource.id, ...value })),
    ) as (ResourceRef & IndexValues[Kind][number])[];

  const tokens = rowsOf('tokens');
  const strings = rowsOf('strings');
  const dates = rowsOf('dates');
  const references = rowsOf('references');
  const column = <Row, Key extends keyof Row>(rows: readonly Row[], key: Key) => rows.map((row) => row[key]);
  // One round trip for all four.
  await connection.query(
    `with tokens as (
       insert into search_token (organisation, type, id, parameter, system, code)
       select $1, * from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[])
     ), strings as (
       insert into search_string (organisation, type, id, parameter, value)
       select $1, * from unnest($7::text[], $8::text[], $9::text[], $10::text[])
     ), dates as (
       insert into search_date (organisation, type, id, parameter, low, high)
       select $1, * from unnest($11::text[], $12::text[], $13::text[], $14::text[], $15::text[])
     )
     insert into search_reference (organisation, type, id, parameter, target_type, target_id)
     select $1, * from unnest($16::text[], $17::text[], $18::text[], $19::text[], $20::text[])`,
    [
      organisation,
      column(tokens, 'type'),
      column(tokens, 'id'),
      column(tokens, 'parameter'),
      column(tokens, 'system'),
      column(tokens, 'code'),
      column(strings, 'type'),
      column(strings, 'id'),
      column(strings, 'parameter'),
      column(strings, 'value'),
      column(dates, 'type'),
      column(dates, 'id'),
      column(dates, 'parameter'),
      column(dates, 'low'),
      column(dates, 'high'),
      column(references, 'type'),
      column(references, 'id'),
      column(references, 'parameter'),
      column(references, 'targetType'),
      column(references, 'targetId'),
    ],
  );
}
