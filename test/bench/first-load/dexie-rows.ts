import { Dexie, type EntityTable } from 'dexie';
import { rowsOf, type Row, type Store } from './store.ts';

/** One row a resource, three indexes. */
export async function dexieRows(): Promise<Store> {
  class Rows extends Dexie {
    declare readonly rows: EntityTable<Row, 'id'>;
    constructor() {
      super('rows', { cache: 'disabled', chromeTransactionDurability: 'relaxed' });
      this.version(1).stores({ rows: 'id, patientId, type, date' });
    }
  }
  const database = new Rows();
  await database.open();
  return {
    put: async (batch) => {
      const rows = (await Promise.all(batch.map(rowsOf))).flat();
      await database.rows.bulkPut(rows);
    },
    finish: () => Promise.resolve(),
    open: async (patientId) => {
      const rows = await database.rows.where('patientId').equals(patientId).toArray();
      return rows.map((row) => JSON.parse(row.resource) as unknown).length;
    },
  };
}
