import type { Actor } from '../identity/actor.ts';
import type { RecordStore, RecordTransaction } from '../store/record-store.ts';
import type { DevicePolicy } from './devices.ts';
import { bookedPatients } from './directory.ts';
import { SyncError } from './service-error.ts';

/** Two copies of the service take turns at this. */
const SCOPE_LOCK = 8_460_003;

/** Records outside the booked days that one person may fetch in a day: those looked up, walk-ins, visits. */
export const OPENED_A_DAY = 100;
const DAY = 86_400_000;

/**
 * By the `booked` policy time alone moves patients in and out of scope: says in the feed who came in and who left since
 * it was last said (sync.md, Pull 7). A person's unsent work goes before the record does (sync-bugs M13).
 * @returns null when another copy of the service is at it
 */
export async function updateScope(
  transaction: RecordTransaction,
  now: Date,
  bookedDays: number,
): Promise<{ readonly entered: readonly string[]; readonly left: readonly string[] } | null> {
  const { organisation } = transaction;
  const [turn] = await transaction.query<{ readonly mine: boolean }>(
    'select pg_try_advisory_xact_lock($1, hashtext($2)) as mine',
    [SCOPE_LOCK, organisation],
  );
  if (turn?.mine !== true) return null;
  const booked = new Set(
    (await bookedPatients(transaction, now, bookedDays)).map((booking) => booking.patientId),
  );
  const rows = await transaction.query<{ readonly patient_id: string }>(
    'select patient_id from scope_patient where organisation = $1 order by patient_id',
    [organisation],
  );
  const said = new Set(rows.map((row) => row.patient_id));
  const entered = [...booked].filter((patientId) => !said.has(patientId)).sort();
  const left = [...said].filter((patientId) => !booked.has(patientId));
  if (entered.length > 0) {
    await transaction.query(
      'insert into scope_patient (organisation, patient_id) select $1, * from unnest($2::text[])',
      [organisation, entered],
    );
  }
  if (left.length > 0) {
    await transaction.query(
      'delete from scope_patient where organisation = $1 and patient_id = any($2::text[])',
      [organisation, left],
    );
  }
  for (const patientId of entered) transaction.recordScope('scope-enter', patientId);
  for (const patientId of left) transaction.recordScope('scope-exit', patientId);
  return { entered, left };
}

/**
 * By the `booked` policy a computer fills itself with the records of booked patients only. Others are opened one by
 * one by a person, which is audited, and in a day no more than {@link OPENED_A_DAY}.
 * @throws SyncError 403 `outside-scope`
 */
export async function requireScope(
  store: RecordStore,
  actor: Actor,
  policy: Pick<DevicePolicy, 'offlineScope'>,
  patientIds: readonly string[],
  now: Date,
): Promise<void> {
  if (policy.offlineScope !== 'booked') return;
  const context = { organisation: actor.organisation, actor };
  const { outside, opened } = await store.withSnapshot(context, async (reader) => {
    const inside = await reader.query<{ readonly patient_id: string }>(
      'select patient_id from scope_patient where organisation = $1 and patient_id = any($2::text[])',
      [reader.organisation, patientIds],
    );
    const before = await reader.query<{ readonly patient_id: string }>(
      `select distinct patient_id from audit_event
       where organisation = $1 and user_id = $2 and recorded > $3::timestamptz
         and interaction = 'pack-outside-scope' and patient_id is not null`,
      [reader.organisation, actor.userId, new Date(now.getTime() - DAY).toISOString()],
    );
    const known = new Set(inside.map((row) => row.patient_id));
    return {
      outside: patientIds.filter((patientId) => !known.has(patientId)),
      opened: before.map((row) => row.patient_id),
    };
  });
  if (outside.length === 0) return;
  if (new Set([...opened, ...outside]).size > OPENED_A_DAY) {
    throw new SyncError(
      403,
      'outside-scope',
      'This computer holds the records of booked patients only, and many others were opened today. Nothing was lost.',
    );
  }
  await store.auditReads(
    context,
    outside.map((patientId) => ({
      action: 'read',
      interaction: 'pack-outside-scope',
      outcome: 'success',
      patientId,
      entity: `Patient/${patientId}`,
    })),
  );
}
