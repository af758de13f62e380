import type { AllergyIntolerance, Flag, Patient } from '@medplum/fhirtypes';
import type { DirectoryAnswer } from '../../contract/record-service.ts';
import { parseExact } from '../../domain/fhir/exact-json.ts';
import type { DirectoryEntry } from '../../domain/record/directory-entry.ts';
import type { ResourceJson } from '../../domain/sync/operation.ts';
import { isWholeRecordVisible, mayAccessResource } from '../identity/access.ts';
import type { RecordReader } from '../store/record-store.ts';
import { audienceOf, frontDeskTypes } from './audience.ts';
import { directoryEntryOf } from '../../domain/record/make-directory-entry.ts';

/** Compressed bytes of a resource in a pack where the pack was not made yet: for progress bars only. */
const TYPICAL_BYTES = 60;
const BATCH = 500;
const DAY = 86_400_000;

/** Directory entries of these patients as they are now; those without a Patient are left out. */
export async function directoryEntries(
  reader: RecordReader,
  patientIds: readonly string[],
  today: string,
): Promise<DirectoryEntry[]> {
  if (patientIds.length === 0) return [];
  const { database, organisation, actor } = reader;
  const isClinical = isWholeRecordVisible(actor);
  const rows = await database
    .selectFrom('resource')
    .select(['type', 'patient_id', 'content'])
    .where('organisation', '=', organisation)
    .where('patient_id', 'in', patientIds)
    .where('deleted', '=', false)
    .where('type', 'in', isClinical ? ['Patient', 'AllergyIntolerance', 'Flag'] : ['Patient'])
    .execute();
  const counts = await packSizes(reader, patientIds);

  const byPatient = new Map<string, ResourceJson[]>();
  for (const row of rows) {
    const list = byPatient.get(row.patient_id ?? '') ?? [];
    list.push(parseExact(row.content ?? 'null') as ResourceJson);
    byPatient.set(row.patient_id ?? '', list);
  }
  return [...byPatient].flatMap(([patientId, resources]) => {
    const of = (type: string): unknown[] => resources.filter((resource) => resource.resourceType === type);
    const [patient] = of('Patient') as Patient[];
    if (patient === undefined) return [];
    const clinical = isClinical
      ? { allergies: of('AllergyIntolerance') as AllergyIntolerance[], flags: of('Flag') as Flag[] }
      : null;
    const pack = counts.get(patientId) ?? { resources: 0, bytes: 0 };
    return [directoryEntryOf({ patient, clinical, pack }, today)];
  });
}

async function packSizes(
  { database, organisation, actor }: RecordReader,
  patientIds: readonly string[],
): Promise<ReadonlyMap<string, DirectoryEntry['pack']>> {
  let counting = database
    .selectFrom('resource')
    .select(({ fn }) => ['patient_id', fn.countAll<number>().as('resources')])
    .where('organisation', '=', organisation)
    .where('patient_id', 'in', patientIds)
    .where('deleted', '=', false)
    .groupBy('patient_id');
  if (!isWholeRecordVisible(actor)) counting = counting.where('type', 'in', [...frontDeskTypes]);
  const counted = await counting.execute();
  const made = await database
    .selectFrom('pack_cache')
    .select(({ fn }) => ['patient_id', fn<number>('length', ['body']).as('bytes')])
    .where('organisation', '=', organisation)
    .where('patient_id', 'in', patientIds)
    .where('audience', '=', audienceOf(actor))
    .execute();
  const bytes = new Map(made.map((row) => [row.patient_id, row.bytes]));
  return new Map(
    counted.map((row) => {
      const { resources } = row;
      const patientId = row.patient_id ?? '';
      return [patientId, { resources, bytes: bytes.get(patientId) ?? resources * TYPICAL_BYTES }];
    }),
  );
}

/** The parts of the directory in the order in which they are written, a batch of patients at a time. */
export async function* directoryBatches(
  reader: RecordReader,
  today: string,
): AsyncGenerator<DirectoryEntry[]> {
  for (let after = ''; ;) {
    const ids = await reader.database
      .selectFrom('resource')
      .select('id')
      .where('organisation', '=', reader.organisation)
      .where('type', '=', 'Patient')
      .where('deleted', '=', false)
      .where('id', '>', after)
      .orderBy('id')
      .limit(BATCH)
      .execute();
    const last = ids.at(-1);
    if (last === undefined) return;
    yield await directoryEntries(
      reader,
      ids.map((row) => row.id),
      today,
    );
    after = last.id;
  }
}

/** Patients with an appointment from today until `days` from now, soonest first. */
export async function bookedPatients(
  { database, organisation }: RecordReader,
  now: Date,
  days: number,
): Promise<DirectoryAnswer['booked']> {
  const startOfToday = new Date(Math.floor(now.getTime() / DAY) * DAY);
  const rows = await database
    .selectFrom('search_date')
    .innerJoin('resource', (join) =>
      join
        .onRef('resource.organisation', '=', 'search_date.organisation')
        .onRef('resource.type', '=', 'search_date.type')
        .onRef('resource.id', '=', 'search_date.id'),
    )
    .select(['resource.content', 'search_date.low'])
    .where('search_date.organisation', '=', organisation)
    .where('search_date.type', '=', 'Appointment')
    .where('search_date.parameter', '=', 'date')
    .where('search_date.low', '>=', startOfToday.toISOString())
    .where('search_date.low', '<', new Date(startOfToday.getTime() + (days + 1) * DAY).toISOString())
    .where('resource.deleted', '=', false)
    .orderBy('search_date.low')
    .execute();
  return rows.flatMap(({ content }) => {
    const appointment = parseExact(content ?? 'null') as BookedAppointment;
    if (appointment.start === undefined || ended.has(appointment.status ?? '')) return [];
    const { start } = appointment;
    return (appointment.participant ?? []).flatMap(({ actor }) => {
      const patientId = /^Patient\/([A-Za-z0-9.-]{1,64})$/.exec(actor?.reference ?? '')?.[1];
      return patientId === undefined ? [] : [{ patientId, start }];
    });
  });
}

interface BookedAppointment {
  readonly status?: string;
  readonly start?: string;
  readonly participant?: readonly { readonly actor?: { readonly reference?: string } }[];
}

const ended = new Set(['cancelled', 'entered-in-error', 'noshow']);

/** How far ahead the places of the book are handed out: "come again in six weeks" is booked at the desk, also offline. */
export const SLOT_DAYS = 49;

/** What belongs to no patient and every screen needs. Slots of the weeks ahead: a year of them is of no use offline. */
const sharedTypes = [
  'Organization',
  'Location',
  'Practitioner',
  'PractitionerRole',
  'HealthcareService',
  'Schedule',
  'Questionnaire',
  'Basic',
  'ActivityDefinition',
  'PlanDefinition',
  'Medication',
  'Task',
] as const;

export async function sharedResources(reader: RecordReader, now: Date, days: number): Promise<string[]> {
  const { database, organisation, actor } = reader;
  const common = await database
    .selectFrom('resource')
    .select('content')
    .where('organisation', '=', organisation)
    .where('type', 'in', [...sharedTypes])
    .where('patient_id', 'is', null)
    .where('deleted', '=', false)
    .orderBy('type')
    .orderBy('id')
    .execute();
  const slots = await database
    .selectFrom('search_date')
    .innerJoin('resource', (join) =>
      join
        .onRef('resource.organisation', '=', 'search_date.organisation')
        .onRef('resource.type', '=', 'search_date.type')
        .onRef('resource.id', '=', 'search_date.id'),
    )
    .select('resource.content')
    .where('search_date.organisation', '=', organisation)
    .where('search_date.type', '=', 'Slot')
    .where('search_date.parameter', '=', 'start')
    .where('search_date.low', '>=', new Date(now.getTime() - DAY).toISOString())
    .where('search_date.low', '<', new Date(now.getTime() + (days + 1) * DAY).toISOString())
    .where('resource.deleted', '=', false)
    .orderBy('search_date.low')
    .orderBy('resource.id')
    .execute();
  return [...common, ...slots].flatMap(({ content }) =>
    content !== null && mayAccessResource(actor, parseExact(content) as ResourceJson, 'pack')
      ? [content]
      : [],
  );
}
