import type { Resource } from '@medplum/fhirtypes';
import type { ResourceJson } from '../../domain/sync/operation.ts';
import { systemActor } from '../identity/actor.ts';
import { StoreError } from '../store/record-store.ts';
import type { RecordStore } from '../store/record-store.ts';
import { demoOrganisation } from './demo-practice.ts';
import { generatePractice } from './practice.ts';
import type { PracticeOptions } from './practice.ts';

export interface SeedProgress {
  readonly patients: number;
  readonly resources: number;
}

export interface SeedResult extends SeedProgress {
  /** False when the practice was there already: nothing was written. */
  readonly seeded: boolean;
}

/** Resources of one transaction: large enough to be quick, small enough to hold no lock for long. */
const BATCH = 1500;

/**
 * Writes a demonstration practice into the store of the running service. A patient's record is never split over two
 * transactions. A practice that was seeded before is left as it is; one whose seeding was interrupted is completed,
 * since ids are the same every time.
 */
export async function seedInto(
  store: RecordStore,
  options: PracticeOptions,
  onProgress?: (progress: SeedProgress) => void,
): Promise<SeedResult> {
  const actor = systemActor(demoOrganisation.odsCode);
  const context = { organisation: demoOrganisation.odsCode, actor };
  let patients = 0;
  let resources = 0;
  let batch: ResourceJson[] = [];

  const write = async (): Promise<void> => {
    const writes = batch;
    batch = [];
    if (writes.length === 0) return;
    await store.withTransaction(context, async (transaction) => {
      try {
        await transaction.savepoint('seed', () =>
          transaction.writeMany(writes.map((resource) => ({ resource, expected: 'absent' as const }))),
        );
        resources += writes.length;
      } catch (error) {
        if (!(error instanceof StoreError) || error.code !== 'exists') throw error;
        const present = await transaction.readMany(
          writes.map(({ resourceType, id }) => ({ type: resourceType, id })),
        );
        const known = new Set(present.map(({ type, id }) => `${type}/${id}`));
        const missing = writes.filter(({ resourceType, id }) => !known.has(`${resourceType}/${id}`));
        await transaction.writeMany(missing.map((resource) => ({ resource, expected: 'absent' as const })));
        resources += missing.length;
      }
    });
    onProgress?.({ patients, resources });
  };

  for (const record of generatePractice(options)) {
    if (batch.length > 0 && batch.length + record.length > BATCH) await write();
    for (const resource of record) batch.push(asStored(resource));
    if (record[0]?.resourceType === 'Patient') patients += 1;
  }
  await write();
  return { patients, resources, seeded: resources > 0 };
}

/** The generator gives every resource an id. */
function asStored(resource: Resource): ResourceJson {
  return resource as unknown as ResourceJson;
}
