import PouchDB from 'pouchdb-browser';
import { rowsOf, type Row, type Store } from './store.ts';

/** One document a resource on PouchDB's IndexedDB adapter. */
export function pouchdb(): Promise<Store> {
  const database = new PouchDB<Omit<Row, 'id'>>('pouch', { auto_compaction: true });
  return Promise.resolve({
    put: async (batch) => {
      const all = (await Promise.all(batch.map(rowsOf))).flat();
      // The key leads with the patient, so that one record is a range: PouchDB's own advice instead of an index.
      const answers = await database.bulkDocs(
        all.map(({ id, ...rest }) => ({ _id: `${rest.patientId}:${id}`, ...rest })),
      );
      if (answers.some((answer) => 'error' in answer)) throw new Error('not stored');
    },
    finish: () => Promise.resolve(),
    open: async (patientId) => {
      const { rows } = await database.allDocs({
        include_docs: true,
        startkey: `${patientId}:`,
        endkey: `${patientId}:\uffff`,
      });
      return rows.map((row) => JSON.parse(row.doc?.resource ?? 'null') as unknown).length;
    },
  });
}
