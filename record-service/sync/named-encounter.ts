import { searchParameters } from '../search/parameters.ts';
import type { RecordTransaction } from '../store/record-store.ts';

/** Where entries of every type name the Encounter that they were recorded in, as search parameters. */
const parameters = [...searchParameters].flatMap(([type, ofType]) =>
  Object.entries(ofType)
    .filter(([, { paths }]) => paths.some((path) => /^(encounter|context|context\.encounter)$/.test(path)))
    .map(([parameter]) => ({ type, parameter })),
);

/**
 * Whose entries name this Encounter, as they stand; each patient once, null for entries of no patient. Sees all that
 * was committed by whoever held the Encounter's lock before.
 */
export async function patientsNaming(
  transaction: Pick<RecordTransaction, 'organisation' | 'query'>,
  encounterId: string,
): Promise<readonly (string | null)[]> {
  const rows = await transaction.query<{ readonly patient_id: string | null }>(
    `select distinct entry.patient_id
     from unnest($2::text[], $3::text[]) as named (type, parameter)
     join search_reference link on link.organisation = $1 and link.type = named.type
       and link.parameter = named.parameter and link.target_id = $4 and link.target_type = 'Encounter'
     join resource entry on entry.organisation = $1 and entry.type = link.type and entry.id = link.id`,
    [
      transaction.organisation,
      parameters.map(({ type }) => type),
      parameters.map(({ parameter }) => parameter),
      encounterId,
    ],
  );
  return rows.map((row) => row.patient_id);
}
