import type { CombinedSafetyFinding } from '../../contract/record-service.ts';
import { parseExact } from '../../domain/fhir/exact-json.ts';
import type { Operation, ResourceJson } from '../../domain/sync/operation.ts';
import type { RecordTransaction, StoredVersion } from '../store/record-store.ts';
import { safetyRelevantTypes, type CombinedSafetyRules } from './combined-safety-port.ts';
import { safetyTasks } from './review-tasks.ts';

/**
 * I16: runs the safety rules over what this save and others' unseen work do together, and raises a task for every
 * author concerned. Runs after applying, under the lock on the patient, so of two saves that meet one sees the other.
 */
export async function checkCombinedSafety(
  transaction: RecordTransaction,
  rules: CombinedSafetyRules,
  operations: readonly Operation[],
  written: readonly ResourceJson[],
  epoch: string,
  now: Date,
): Promise<readonly CombinedSafetyFinding[]> {
  const [first] = operations;
  const mine = written.filter((resource) => safetyRelevantTypes.includes(resource.resourceType));
  if (first?.patientId === undefined || mine.length === 0) return [];
  const { patientId } = first;

  const unseen = await unseenWork(transaction, patientId, first, epoch);
  const keys = new Set(mine.map((resource) => `${resource.resourceType}/${resource.id}`));
  const others = unseen.filter((version) => !keys.has(`${version.type}/${version.id}`));
  if (others.length === 0) return [];

  const findings = rules({
    mine,
    others: others.map((version) => parseExact(version.content ?? 'null') as ResourceJson),
  });
  const reported: CombinedSafetyFinding[] = [];
  for (const finding of findings) {
    const met = others.filter((version) => finding.resources.includes(`${version.type}/${version.id}`));
    const owners = await practitionersOf(transaction, [
      first.author.userId,
      ...met.map((version) => version.author),
    ]);
    const tasks = safetyTasks(finding, transaction.groupId, patientId, owners, now);
    await transaction.writeMany(tasks.map((resource) => ({ resource, expected: 'any' })));
    reported.push({ ...finding, taskId: tasks[0]?.id ?? '' });
  }
  return reported;
}

/** Safety-relevant resources of the patient that other people wrote after what this author's device had applied. */
async function unseenWork(
  transaction: RecordTransaction,
  patientId: string,
  operation: Operation,
  epoch: string,
): Promise<StoredVersion[]> {
  const { database, organisation } = transaction;
  // Without a place in this history the device's knowledge cannot be told: then everything counts as unseen.
  const seen = operation.seen?.epoch === epoch ? operation.seen.position : 0;
  const changed = await database
    .selectFrom('feed')
    .select(['type', 'id'])
    .distinct()
    .where('organisation', '=', organisation)
    .where('patient_id', '=', patientId)
    .where('position', '>', seen)
    .where('type', 'in', [...safetyRelevantTypes])
    .execute();
  const versions = await transaction.readMany(changed);
  return versions.filter((version) => !version.deleted && version.author !== operation.author.userId);
}

/** Logical ids of the Practitioners behind these users, as their own operations or enrolments name them. */
async function practitionersOf(
  transaction: RecordTransaction,
  userIds: readonly string[],
): Promise<readonly string[]> {
  const rows = await transaction.database
    .selectFrom('author_key')
    .select('certificate')
    .where('organisation', '=', transaction.organisation)
    .where('user_id', 'in', [...new Set(userIds)])
    .execute();
  const ids = rows.map(
    (row) =>
      (JSON.parse(row.certificate) as { readonly author: { readonly practitionerId: string } }).author
        .practitionerId,
  );
  return [...new Set(ids)].filter((id) => id !== '').sort();
}
