import { notFound, OperationOutcomeError } from '@medplum/core';
import type { Bundle } from '@medplum/fhirtypes';
import { sql } from 'kysely';
import { dateRange } from '../search/date-range.ts';
import type { ResourceRef } from '../store/record-store.ts';
import { refusal } from './outcomes.ts';
import type { RecordRepository } from './record-repository.ts';

/** Whom and what a record names, beside the patient: so that the bundle can be read by itself. */
const ACCOMPANYING = [
  'Practitioner',
  'PractitionerRole',
  'Organization',
  'Location',
  'HealthcareService',
  'Medication',
  'Substance',
  'Device',
];

export interface EverythingRequest {
  readonly id: string;
  readonly types?: readonly string[];
  readonly since?: string;
}

/** `Patient/{id}/$everything`: what the actor may see of the compartment, and the people and places that it names. */
export async function readEverything(
  repository: RecordRepository,
  request: EverythingRequest,
): Promise<Bundle> {
  repository.require('Patient', 'everything');
  const since = request.since === undefined ? '' : dateRange(request.since)?.low;
  if (since === undefined) throw refusal('bad-request', 'value', '_since wants an instant.');
  const { compartment, accompanying } = await repository.reading(async (reader) => {
    const found = await reader.readCompartment(request.id);
    if (found[0]?.type !== 'Patient' || found[0].id !== request.id) throw new OperationOutcomeError(notFound);
    const visible = found.filter((version) => repository.maySee(version, 'everything'));
    const { rows } = await sql<ResourceRef>`
      select distinct target_type as type, target_id as id from search_reference
      where organisation = ${reader.organisation}
        and target_type in (${sql.join(ACCOMPANYING)})
        and (type, id) in (
          select type, id from resource
          where organisation = ${reader.organisation} and patient_id = ${request.id} and not deleted
            and type in (${sql.join([...new Set(visible.map((version) => version.type))])}))`.execute(
      reader.database,
    );
    return { compartment: visible, accompanying: await reader.readMany(rows) };
  });
  const named = accompanying.filter(
    (version) => !version.deleted && repository.maySee(version, 'everything'),
  );
  const wanted = [...compartment, ...named].filter(
    (version) =>
      (request.types === undefined || request.types.includes(version.type)) && version.lastUpdated >= since,
  );
  await repository.audit({
    action: 'read',
    interaction: 'everything',
    outcome: 'success',
    entity: `Patient/${request.id}`,
    patientId: request.id,
  });
  const compartmentKeys = new Set(compartment.map((version) => `${version.type}/${version.id}`));
  return {
    resourceType: 'Bundle',
    type: 'searchset',
    total: wanted.length,
    entry: wanted.map((version) =>
      repository.searchEntry(
        version,
        compartmentKeys.has(`${version.type}/${version.id}`) ? 'match' : 'include',
      ),
    ),
  };
}
