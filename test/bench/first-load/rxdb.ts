import { createRxDatabase } from 'rxdb';
import { getRxStorageDexie } from 'rxdb/plugins/storage-dexie';
import { rowsOf, type Row, type Store } from './store.ts';

/** One document a resource, the same three indexes, on the storage that RxDB gives away (Dexie's). */
export async function rxdb(): Promise<Store> {
  const database = await createRxDatabase({
    name: 'rx',
    storage: getRxStorageDexie(),
    multiInstance: false,
  });
  const text = { type: 'string', maxLength: 120 };
  const { rows } = await database.addCollections({
    rows: {
      schema: {
        version: 0,
        primaryKey: 'id',
        type: 'object',
        properties: { id: text, patientId: text, type: text, date: text, resource: { type: 'string' } },
        required: ['id', 'patientId', 'type', 'date', 'resource'],
        indexes: ['patientId', 'type', 'date'],
      },
    },
  });
  return {
    put: async (batch) => {
      const all = (await Promise.all(batch.map(rowsOf))).flat();
      const { error } = await rows.bulkInsert(all);
      if (error.length > 0) throw new Error('not stored');
    },
    finish: () => Promise.resolve(),
    open: async (patientId) => {
      const found = await rows.find({ selector: { patientId } }).exec();
      return found.map((one) => JSON.parse((one as unknown as Row).resource) as unknown).length;
    },
  };
}
