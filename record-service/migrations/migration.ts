/**
 * A numbered change of the schema. Applied once, in order, each in one transaction, on both engines.
 * Numbers: 1-9 store and audit, 10-19 sync, 20-29 identity, 30-39 import and export.
 * A migration that has been released is never edited.
 */
export interface Migration {
  readonly number: number;
  readonly name: string;
  /** SQL script: PostgreSQL 15 and PGlite. */
  readonly up: string;
}

/** The role that every transaction takes on. It owns nothing, and row-level security binds it. */
export const recordRole = 'gladstone_record';

/** The one role that may give audit rows their sequence number. */
export const sealerRole = 'gladstone_sealer';

/**
 * Row-level security for a table with an `organisation` column: rows of the transaction's organisation only.
 * @param privileges what the record role may do, e.g. `select, insert`
 */
export function protectByOrganisation(table: string, privileges = 'select, insert, update, delete'): string {
  return `
    alter table ${table} enable row level security;
    alter table ${table} force row level security;
    create policy ${table}_by_organisation on ${table}
      using (organisation = current_setting('gladstone.organisation', true))
      with check (organisation = current_setting('gladstone.organisation', true));
    grant ${privileges} on ${table} to ${recordRole};
  `;
}
