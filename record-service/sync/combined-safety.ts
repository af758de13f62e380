import type { CombinedSafetyFinding } from '../../contract/record-service.ts';
import { parseExact } from '../../domain/fhir/exact-json.ts';
import type { Operation, ResourceJson } from '../../domain/sync/operation.ts';
import type { RecordTransaction, StoredVersion } from '../store/record-store.ts';
import { safetyRelevantTypes, type CombinedSafetyRules } from './combined-safety-port.ts';
import { safetyTasks } from './review-tasks.ts';
import { practiceSettings, saidToBeOff } from './switched-off-findings.ts';

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

  const people = await peopleOf(transaction, [
    first.author.userId,
    ...others.map((version) => version.author),
  ]);
  const { reported, tasks } = meet(saidToBeOff(rules, await practiceSettings(transaction)), {
    operation: first,
    mine,
    others,
    people,
    groupId: transaction.groupId,
    now,
  });
  await transaction.writeMany(tasks.map((resource) => ({ resource, expected: 'any' })));
  return reported;
}

export interface Meeting {
  /** The first operation of the save: its author, patient and what its device had applied. */
  readonly operation: Operation;
  readonly mine: readonly ResourceJson[];
  /** What other people wrote and this author's device had not applied. */
  readonly others: readonly StoredVersion[];
  readonly people: ReadonlyMap<string, Person>;
  readonly groupId: string;
  readonly now: Date;
}

/** What the rules find where work made apart meets, and the tasks by which everybody concerned hears of it. */
export function meet(
  rules: CombinedSafetyRules,
  { operation, mine, others, people, groupId, now }: Meeting,
): { readonly reported: readonly CombinedSafetyFinding[]; readonly tasks: readonly ResourceJson[] } {
  const { author, patientId, recordedAt } = operation;
  const findings = rules({
    mine: mine.map((resource) => ({
      resource,
      author: { id: author.userId, name: author.name },
      recorded: recordedAt.wallClock,
    })),
    others: others.map((version) => ({
      resource: parseExact(version.content ?? 'null') as ResourceJson,
      author: { id: version.author, name: people.get(version.author)?.name ?? 'a colleague' },
      recorded: version.lastUpdated,
    })),
    today: now.toISOString().slice(0, 10),
  });
  const reported: CombinedSafetyFinding[] = [];
  const tasks: ResourceJson[] = [];
  for (const finding of findings) {
    const met = others.filter((version) => finding.resources.includes(`${version.type}/${version.id}`));
    const owners = [author.userId, ...met.map((version) => version.author)]
      .flatMap((userId) => people.get(userId) ?? [])
      .filter(
        ({ practitionerId }, index, all) =>
          practitionerId !== '' && all.findIndex((one) => one.practitionerId === practitionerId) === index,
      );
    const raised = safetyTasks(finding, groupId, patientId ?? '', owners, now);
    tasks.push(...raised);
    const { code, text, resources } = finding;
    reported.push({ code, text, resources, taskId: raised[0]?.id ?? '' });
  }
  return { reported, tasks };
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

export interface Person {
  readonly name: string;
  /** Logical id of the Practitioner. */
  readonly practitionerId: string;
}

/** The people behind these users, as the certificates of their signing keys name them. */
async function peopleOf(
  transaction: RecordTransaction,
  userIds: readonly string[],
): Promise<ReadonlyMap<string, Person>> {
  const rows = await transaction.database
    .selectFrom('author_key')
    .select(['user_id', 'certificate'])
    .where('organisation', '=', transaction.organisation)
    .where('user_id', 'in', [...new Set(userIds)])
    .orderBy('issued_at')
    .execute();
  return new Map(
    rows.map((row) => [row.user_id, (JSON.parse(row.certificate) as { readonly author: Person }).author]),
  );
}
