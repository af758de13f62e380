import { Dexie, type EntityTable } from 'dexie';
import { rowOf, rowsOf, type Row, type Store } from './store.ts';

/** One row a resource, three indexes. */
export async function dexieRows(): Promise<Store> {
  class Rows extends Dexie {
    declare readonly rows: EntityTable<Row, 'id'>;
    declare readonly cursor: EntityTable<{ readonly name: string; readonly position: number }, 'name'>;
    constructor() {
      super('rows', { cache: 'disabled', chromeTransactionDurability: 'relaxed' });
      this.version(1).stores({ rows: 'id, patientId, type, date', cursor: 'name' });
    }
  }
  const database = new Rows();
  await database.open();
  return {
    put: async (batch) => {
      const rows = (await Promise.all(batch.map(rowsOf))).flat();
      await database.rows.bulkPut(rows);
    },
    apply: async ({ changes, next }) => {
      const rows = changes.map(({ patientId, resource }) =>
        rowOf(patientId, JSON.parse(resource) as Record<string, unknown>),
      );
      await database.transaction('rw', database.rows, database.cursor, async () => {
        await database.rows.bulkPut(rows);
        await database.cursor.put({ name: 'feed', position: next });
      });
    },
    finish: () => Promise.resolve(),
    open: async (patientId) => {
      const rows = await database.rows.where('patientId').equals(patientId).toArray();
      return rows.map((row) => JSON.parse(row.resource) as unknown).length;
    },
  };
}
