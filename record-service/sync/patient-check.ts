import { parseExact } from '../../domain/fhir/exact-json.ts';
import type { Operation, ResourceJson } from '../../domain/sync/operation.ts';
import { compartmentOf } from '../../domain/record/patient-compartment.ts';
import type { RecordTransaction, StoredVersion } from '../store/record-store.ts';
import { GroupRefused } from './group-refused.ts';
import { patientsNaming } from './named-encounter.ts';
import type { RecordsToApply } from './standing-records.ts';
import { closedRecord, encounterOf, replacedBy, subjectMismatch } from './subject.ts';

export interface PatientState {
  /** Logical id of the record that took this one's place; null where none did. */
  readonly mergedInto: string | null;
  /** Why somebody should look at work that lands now, in words; null where nothing is unusual. */
  readonly lateFor: string | null;
}

/** What the guard asks of the record as it stands. */
export interface RecordsToGuard {
  read(type: string, id: string): Promise<Pick<StoredVersion, 'patientId'> | undefined>;
  /** Whose entries name this Encounter; null for entries of no patient. */
  patientsNaming(encounterId: string): Promise<readonly (string | null)[]>;
}

/**
 * The wrong-patient guard over a whole group (I14): banner, subject, consultation and what stands already must name
 * one patient, who is known here.
 * @throws GroupRefused `wrong-patient`.
 */
export async function checkPatient(
  transaction: RecordTransaction,
  records: Pick<RecordsToApply, 'read'>,
  operations: readonly Operation[],
  epoch: string,
): Promise<PatientState> {
  await guardPatients(
    {
      read: (type, id) => records.read(type, id),
      patientsNaming: (encounterId) => patientsNaming(transaction, encounterId),
    },
    operations,
  );
  const patientIds = [
    ...new Set(operations.flatMap(({ patientId }) => (patientId === undefined ? [] : [patientId]))),
  ];
  const [first] = operations;
  if (first === undefined || patientIds[0] === undefined) return { mergedInto: null, lateFor: null };
  if (patientIds.length > 1) throw refused(first, 'one save names two patients');
  return patientState(transaction, records, first, operations, patientIds[0], epoch);
}

/**
 * Banner, subject, consultation and what stands already name one patient. What is recorded while a note is open names
 * its Encounter and goes before it, so an Encounter that is not known passes; the Encounter, when it comes, is held to
 * what names it. Under the locks of both, whoever comes second is checked against the first.
 * @throws GroupRefused `wrong-patient`.
 */
export async function guardPatients(
  records: RecordsToGuard,
  operations: readonly Operation[],
): Promise<void> {
  for (const operation of operations) await guardOperation(records, operation, operations);
}

async function guardOperation(
  records: RecordsToGuard,
  operation: Operation,
  operations: readonly Operation[],
): Promise<void> {
  const { after } = operation;
  if (after === undefined) return;
  const mismatch = subjectMismatch(operation, after);
  if (mismatch !== null) throw refused(operation, mismatch);

  const patientId = operation.patientId ?? null;
  const [type = '', id = ''] = operation.resource.split('/');
  const standing = await records.read(type, id);
  if (standing !== undefined && standing.patientId !== patientId) {
    throw refused(operation, 'it stands in the record of another patient');
  }
  if (type === 'Encounter' && standing === undefined) {
    const named = await records.patientsNaming(id);
    if (named.some((other) => other !== patientId)) {
      throw refused(operation, 'entries of another patient were recorded in this consultation');
    }
  }
  const encounterId = encounterOf(after);
  if (encounterId === null) return;
  const inGroup = operations.find((other) => other.resource === `Encounter/${encounterId}`)?.after;
  const subject =
    inGroup === undefined
      ? (await records.read('Encounter', encounterId))?.patientId
      : compartmentOf(inGroup);
  if (subject !== undefined && subject !== patientId) {
    throw refused(operation, 'its consultation is of another patient');
  }
}

async function patientState(
  transaction: RecordTransaction,
  records: Pick<RecordsToApply, 'read'>,
  operation: Operation,
  operations: readonly Operation[],
  patientId: string,
  epoch: string,
): Promise<PatientState> {
  const stored = await records.read('Patient', patientId);
  if (stored === undefined) {
    const isMadeHere = operations.some(
      (other) => other.resource === `Patient/${patientId}` && other.kind === 'create',
    );
    if (!isMadeHere) throw refused(operation, 'the patient is not known here');
    return { mergedInto: null, lateFor: null };
  }
  if (stored.content === null) return { mergedInto: null, lateFor: 'after the record was deleted' };
  const patient = parseExact(stored.content) as ResourceJson;
  const mergedInto = replacedBy(patient);
  if (mergedInto !== null) return { mergedInto, lateFor: 'after the record was merged into another' };
  const closed = closedRecord(patient);
  if (closed === null || (await hadSeenPatient(transaction, operation, patientId, epoch))) {
    return { mergedInto: null, lateFor: null };
  }
  const lateFor =
    closed === 'deceased'
      ? 'after the patient’s death was recorded'
      : 'after the patient had left the practice';
  return { mergedInto: null, lateFor };
}

/** Whether the author's device had applied the Patient as it stands: then the closed record was no surprise. */
async function hadSeenPatient(
  { database, organisation }: RecordTransaction,
  operation: Operation,
  patientId: string,
  epoch: string,
): Promise<boolean> {
  if (operation.seen?.epoch !== epoch) return false;
  const unseen = await database
    .selectFrom('feed')
    .select('position')
    .where('organisation', '=', organisation)
    .where('patient_id', '=', patientId)
    .where('position', '>', operation.seen.position)
    .where('type', '=', 'Patient')
    .limit(1)
    .executeTakeFirst();
  return unseen === undefined;
}

function refused(operation: Operation, why: string): GroupRefused {
  return new GroupRefused(
    operation.opId,
    'wrong-patient',
    `${operation.resource} was not taken: ${why}. It is kept; nobody else’s record was touched.`,
  );
}
