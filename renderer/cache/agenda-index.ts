/** Keeps the lists about many patients (bookings, tasks) in step with the packs, beside the first load, not before it. */
import { parseForView } from '../../domain/fhir/exact-json.ts';
import { agendaOf, type PatientAgenda } from '../../domain/record/agenda.ts';
import { readPackItem, splitArray, type PackItem } from '../../domain/record/pack.ts';
import type { AgendaEntry } from './bag-state.ts';
import type { BagStore } from './bag-store.ts';
import { isUnreadable, openPack } from './pack-reading.ts';

const SLICE = 40;
const LISTED = /"resourceType"\s*:\s*"(?:Appointment|Task)"/;

export function agendaFromItems(patientId: string, items: readonly PackItem[]): PatientAgenda {
  return agendaOf(
    patientId,
    items
      .filter((item) => item.key.startsWith('Appointment/') || item.key.startsWith('Task/'))
      .map((item) => ({
        source: { key: item.key, version: item.version },
        resource: parseForView(item.text) as { readonly resourceType: string },
      })),
  );
}

/** Patients whose pack is newer than their line in the agenda. */
export function waitingForAgenda(bag: BagStore): readonly string[] {
  const waiting: string[] = [];
  for (const [patientId, pack] of bag.logs.packs.entries) {
    if (pack.listed !== 0 && bag.logs.agenda.entries.get(patientId)?.revision !== pack.revision) {
      waiting.push(patientId);
    }
  }
  return waiting;
}

export interface IndexRound {
  readonly indexed: readonly string[];
  /** Patients whose pack does not open: the copy is to be fetched again. */
  readonly unreadable: readonly string[];
  readonly waiting: number;
}

/** Indexes a few patients, today's first; call again while `waiting` is above zero. */
export async function indexSome(bag: BagStore): Promise<IndexRound> {
  const waiting = waitingForAgenda(bag);
  const booked = new Set(bag.state.booked.map((booking) => booking.patientId));
  const slice = [...waiting.filter((id) => booked.has(id)), ...waiting.filter((id) => !booked.has(id))].slice(
    0,
    SLICE,
  );
  const put: [string, AgendaEntry][] = [];
  const unreadable: string[] = [];
  for (const patientId of slice) {
    const entry = bag.logs.packs.entries.get(patientId);
    if (!entry) continue;
    try {
      const text = await openPack(bag, entry);
      const elements = splitArray(text);
      const items = elements
        .filter((element) => LISTED.test(element))
        .map((element) => readPackItem(element));
      put.push([patientId, { revision: entry.revision, ...agendaFromItems(patientId, items) }]);
    } catch (error) {
      if (!isUnreadable(error)) throw error;
      unreadable.push(patientId);
    }
  }
  await bag.removePatients(unreadable, 'unreadable');
  if (put.length > 0) await bag.write({ agenda: { put } });
  return {
    indexed: put.map(([patientId]) => patientId),
    unreadable,
    waiting: waiting.length - put.length - unreadable.length,
  };
}
