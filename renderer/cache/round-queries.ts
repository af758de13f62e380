/** What a round of visits asks of the cache: who was picked, and whether their records open. */
import { summariseAllergies } from '../../domain/clinical/allergy-summary.ts';
import { missingWords } from '../../domain/record/completeness-words.ts';
import { documentsCarried } from '../../domain/record/documents-carried.ts';
import type { KeptRound } from './bag-state.ts';
import type { BagStore } from './bag-store.ts';
import type { CarriedRecord, Readiness } from './queries.ts';
import type { RecordReader } from './record-reader.ts';

/** Whom this person picked. After what is being written, so that a round just kept is never missed. */
export function keptRound(bag: BagStore, userId: string): Promise<KeptRound | null> {
  return bag.exclusively(() => Promise.resolve(bag.state.rounds?.[userId] ?? null));
}

export function keepRound(bag: BagStore, userId: string, round: KeptRound): Promise<true> {
  return bag.exclusively<true>(async () => {
    await bag.write({ state: { ...bag.state, rounds: { ...bag.state.rounds, [userId]: round } } });
    return true;
  });
}

/** Whether a record is here is only known by opening it: a damaged one is listed like any other. */
export async function carriedRecord(
  reader: RecordReader,
  patientId: string,
  readiness: Readiness,
): Promise<CarriedRecord> {
  const reading = await reader.open(patientId, null);
  if (reading.state === 'missing')
    return { patientId, copy: readiness === 'unknown' ? 'not-here' : 'to-come' };
  const record = reading.state === 'open' ? reading.record.record() : null;
  if (reading.state !== 'open' || record === null) return { patientId, copy: 'unreadable' };
  const { state } = record.completeness;
  // Of a disputed document both versions stand in the record; it is one letter.
  const documents = new Map(
    reading.record.contents
      .ofType('DocumentReference')
      .map(({ source, resource }) => [source.key, resource] as const),
  );
  return {
    patientId,
    copy: state === 'complete' ? 'whole' : state === 'new' ? 'new' : 'older',
    allergies: summariseAllergies(record.allergies, record.allergyState),
    documents: documentsCarried(documents.values()),
    missing: missingWords({ ...record.completeness, state: 'complete' }),
  };
}
