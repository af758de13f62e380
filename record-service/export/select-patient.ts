import { parseExact } from '../../domain/fhir/exact-json.ts';
import { isObject, isResource, objectsOf, textOf } from '../import/source.ts';
import type { SourceResource } from '../import/source.ts';
import { ServiceFailure } from '../import/service-client.ts';
import { compartmentOf } from '../../domain/record/patient-compartment.ts';
import type { ResourceJson } from '../../domain/sync/operation.ts';
import type { ExportSource } from './export-practice.ts';

const ACCOMPANYING: ReadonlySet<string> = new Set([
  'Organization',
  'Location',
  'Practitioner',
  'PractitionerRole',
  'HealthcareService',
  'Slot',
  'Schedule',
]);

/**
 * One patient's resources as stored, the Patient first, and the people and places that they name.
 * Undefined where nobody has the NHS number. Two records with one number are both refused: a person must choose.
 * @throws ServiceFailure when two patients have the number
 */
export async function selectPatient(
  source: ExportSource,
  nhsNumber: string,
): Promise<readonly string[] | undefined> {
  const patients: { id: string; line: string }[] = [];
  for await (const lines of source.pages('Patient')) {
    for (const line of lines) {
      if (!line.includes(nhsNumber)) continue;
      const patient = resourceOf(line);
      const has = objectsOf(patient?.['identifier']).some(
        (identifier) =>
          identifier['system'] === 'https://fhir.nhs.uk/Id/nhs-number' && identifier['value'] === nhsNumber,
      );
      if (has && patient) patients.push({ id: String(textOf(patient['id'])), line });
    }
  }
  const [chosen, other] = patients;
  if (!chosen) return undefined;
  if (other)
    throw new ServiceFailure('Two records have this NHS number. Link them first. Nothing was exported.');

  const { types } = await source.overview();
  const record: string[] = [chosen.line];
  const beside = new Map<string, string>();
  for (const { type } of types) {
    if (type === 'Patient') continue;
    for await (const lines of source.pages(type)) {
      for (const line of lines) {
        const accompanying = ACCOMPANYING.has(type);
        if (!accompanying && !line.includes(chosen.id)) continue;
        const resource = resourceOf(line);
        if (!resource) continue;
        if (accompanying) beside.set(`${type}/${textOf(resource['id']) ?? ''}`, line);
        else if (compartmentOf(resource as unknown as ResourceJson) === chosen.id) record.push(line);
      }
    }
  }
  const named = new Set<string>();
  const follow = (line: string): void => {
    for (const reference of referencesOf(resourceOf(line))) {
      const next = beside.get(reference);
      if (next === undefined || named.has(reference)) continue;
      named.add(reference);
      follow(next);
    }
  };
  for (const line of record) follow(line);
  return [...record, ...[...named].flatMap((reference) => beside.get(reference) ?? [])];
}

function resourceOf(line: string): SourceResource | undefined {
  const value = parseExact(line);
  return isResource(value) ? value : undefined;
}

function referencesOf(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(referencesOf);
  if (!isObject(value)) return [];
  const own = textOf(value['reference']);
  return [...(own === undefined ? [] : [own]), ...Object.values(value).flatMap(referencesOf)];
}
