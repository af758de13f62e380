import type { AuditEvent, Bundle } from '@medplum/fhirtypes';
import { sql, type RawBuilder, type Selectable, type SqlBool } from 'kysely';
import { dateRange } from '../search/date-range.ts';
import { SearchError } from '../search/search-error.ts';
import { DEFAULT_PAGE, LARGEST_PAGE } from '../search/search.ts';
import type { RecordReader } from '../store/record-store.ts';
import type { AuditEventTable } from '../store/tables.ts';

const REST_INTERACTION = 'http://hl7.org/fhir/restful-interaction';
const SEQUENCE = 'https://gladstone.example/StructureDefinition/audit-sequence';
const ROLE = 'https://gladstone.example/CodeSystem/role';

const actions = { create: 'C', read: 'R', update: 'U', delete: 'D', execute: 'E' } as const;
const outcomes: Readonly<Record<string, NonNullable<AuditEvent['outcome']>>> = {
  success: '0',
  refused: '4',
  failed: '8',
};

/** An audit row as FHIR. It has its sequence number once it is sealed. */
function auditEventOf(row: Selectable<AuditEventTable>): AuditEvent {
  const entities = [
    ...(row.entity === null || !row.entity.includes('/') ? [] : [row.entity]),
    ...(row.patient_id === null || row.entity === `Patient/${row.patient_id}`
      ? []
      : [`Patient/${row.patient_id}`]),
  ];
  const outcome = outcomes[row.outcome];
  return {
    resourceType: 'AuditEvent',
    id: row.id,
    ...(row.sequence === null ? {} : { extension: [{ url: SEQUENCE, valueInteger: row.sequence }] }),
    type: { system: 'http://terminology.hl7.org/CodeSystem/audit-event-type', code: 'rest' },
    subtype: [{ system: REST_INTERACTION, code: row.interaction }],
    action: actions[row.action as keyof typeof actions],
    recorded: row.recorded.toISOString(),
    ...(outcome === undefined ? {} : { outcome }),
    ...(row.detail === null ? {} : { outcomeDesc: row.detail }),
    agent: [
      {
        who: { identifier: { value: row.user_id }, display: row.user_name },
        role: [{ coding: [{ system: ROLE, code: row.role }] }],
        requestor: row.on_behalf_user_id === null,
        ...(row.device_id === null ? {} : { network: { address: row.device_id, type: '1' } }),
      },
      ...(row.on_behalf_user_id === null
        ? []
        : [
            {
              who: { identifier: { value: row.on_behalf_user_id } },
              role: [{ coding: [{ system: ROLE, code: row.on_behalf_role ?? '' }] }],
              requestor: true,
            },
          ]),
    ],
    source: { observer: { display: 'Gladstone record service' }, site: row.organisation },
    entity: entities.map((reference) => ({ what: { reference } })),
  };
}

export async function readAuditEvent(reader: RecordReader, id: string): Promise<AuditEvent | undefined> {
  const row = await reader.database
    .selectFrom('audit_event')
    .selectAll()
    .where('organisation', '=', reader.organisation)
    .where('id', '=', id)
    .executeTakeFirst();
  return row && auditEventOf(row);
}

/**
 * Search by `patient`, `agent` (user id), `date` and `sequence` (each may repeat, with `ge`, `gt`, `le`, `lt`), `entity`;
 * newest first; pages by `_cursor`. What is not sealed yet has no sequence number and is found by the others.
 */
export async function searchAuditEvents(
  reader: RecordReader,
  baseUrl: string,
  query: URLSearchParams,
): Promise<Bundle> {
  const conditions: RawBuilder<SqlBool>[] = [sql<SqlBool>`organisation = ${reader.organisation}`];
  let count = DEFAULT_PAGE;
  for (const [name, value] of query) {
    switch (name) {
      case 'patient':
        conditions.push(sql<SqlBool>`patient_id = ${value.replace(/^Patient\//, '')}`);
        break;
      case 'agent':
        conditions.push(sql<SqlBool>`(user_id = ${value} or on_behalf_user_id = ${value})`);
        break;
      case 'entity':
        conditions.push(sql<SqlBool>`entity = ${value}`);
        break;
      case 'date':
        conditions.push(dateCondition(value));
        break;
      case 'sequence':
        conditions.push(sequenceCondition(value));
        break;
      case '_count':
        count = Math.min(Math.max(Number(value) || DEFAULT_PAGE, 1), LARGEST_PAGE);
        break;
      case '_cursor':
        conditions.push(cursorCondition(value));
        break;
      default:
        throw new SearchError('not-supported', `AuditEvent cannot be searched by "${name}" here.`);
    }
  }
  const { rows } = await sql<Selectable<AuditEventTable>>`
    select * from audit_event where ${sql.join(conditions, sql` and `)}
    order by recorded desc, id desc limit ${count + 1}`.execute(reader.database);
  const page = rows.slice(0, count);
  const last = rows.length > count ? page.at(-1) : undefined;
  const next = new URLSearchParams(query);
  if (last !== undefined) next.set('_cursor', `${last.recorded.toISOString()}_${last.id}`);
  return {
    resourceType: 'Bundle',
    type: 'searchset',
    link: [
      { relation: 'self', url: `${baseUrl}/AuditEvent?${query.toString()}` },
      ...(last === undefined ? [] : [{ relation: 'next', url: `${baseUrl}/AuditEvent?${next.toString()}` }]),
    ],
    entry: page.map((row) => ({
      fullUrl: `${baseUrl}/AuditEvent/${row.id}`,
      resource: auditEventOf(row),
      search: { mode: 'match' },
    })),
  };
}

function dateCondition(value: string): RawBuilder<SqlBool> {
  const [, operator = 'eq', date = ''] = /^(eq|ge|gt|le|lt)?(.+)$/.exec(value) ?? [];
  const range = dateRange(date);
  if (range === undefined) throw new SearchError('invalid', '"date" wants a date or an instant.');
  const { low, high } = range;
  switch (operator) {
    case 'ge':
      return sql<SqlBool>`recorded >= ${low}::timestamptz`;
    case 'gt':
      return sql<SqlBool>`recorded > ${high}::timestamptz`;
    case 'le':
      return sql<SqlBool>`recorded <= ${high}::timestamptz`;
    case 'lt':
      return sql<SqlBool>`recorded < ${low}::timestamptz`;
    default:
      return sql<SqlBool>`recorded between ${low}::timestamptz and ${high}::timestamptz`;
  }
}

const comparisons = { eq: '=', ge: '>=', gt: '>', le: '<=', lt: '<' } as const;

function sequenceCondition(value: string): RawBuilder<SqlBool> {
  const [, operator = 'eq', number] = /^(eq|ge|gt|le|lt)?(\d{1,15})$/.exec(value) ?? [];
  if (number === undefined) throw new SearchError('invalid', '"sequence" wants a whole number.');
  return sql<SqlBool>`sequence ${sql.raw(comparisons[operator as keyof typeof comparisons])} ${number}::bigint`;
}

function cursorCondition(value: string): RawBuilder<SqlBool> {
  const [recorded = '', id = ''] = value.split('_');
  if (dateRange(recorded) === undefined)
    throw new SearchError('invalid', 'This page link is not one of ours.');
  return sql<SqlBool>`(recorded, id) < (${recorded}::timestamptz, ${id})`;
}
