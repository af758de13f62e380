/** This device's pending work in the lists about many patients. */
import type { Patient } from '@medplum/fhirtypes';
import { agendaOf, type PatientAgenda } from '../../domain/record/agenda.ts';
import type { DirectoryEntry } from '../../domain/record/directory-entry.ts';
import { overlay, type CachedResource } from '../../domain/record/overlay.ts';
import { directoryEntryOf } from '../../domain/record/registered-here.ts';
import type { ItemSource } from '../../domain/record/record-view.ts';
import type { PendingStore } from './pending-store.ts';
import { todayInEngland } from './record-reader.ts';

/** Bookings and tasks of one patient with pending ones laid over the indexed ones. */
export function overlaidAgenda(
  patientId: string,
  agenda: PatientAgenda,
  pending: PendingStore,
): PatientAgenda {
  const listed = pending
    .of(patientId)
    .filter(({ operation }) => /^(?:Appointment|Task)\//.test(operation.resource));
  if (listed.length === 0) return agenda;
  // The index keeps views, not resources: what no pending change touches stands as it is there.
  const stubs: CachedResource[] = [...agenda.appointments, ...agenda.tasks].map(({ source }) => ({
    key: source.key,
    version: source.version ?? 0,
    resource: { resourceType: '' },
  }));
  const shown = overlay(stubs, listed);
  const changed = agendaOf(
    patientId,
    shown.filter((item) => item.resource.resourceType !== ''),
  );
  const marks = new Map<string, ItemSource>(
    shown.filter((item) => item.resource.resourceType === '').map((item) => [item.source.key, item.source]),
  );
  const standing = <View extends { readonly source: ItemSource }>(views: readonly View[]): readonly View[] =>
    views.flatMap((view) => {
      const source = marks.get(view.source.key);
      return source ? [{ ...view, source }] : [];
    });
  return {
    appointments: [...standing(agenda.appointments), ...changed.appointments],
    tasks: [...standing(agenda.tasks), ...changed.tasks],
  };
}

/** Patients registered here whom the directory does not list yet. */
export function pendingRegistrations(
  pending: PendingStore,
  directory: ReadonlyMap<string, DirectoryEntry>,
): readonly DirectoryEntry[] {
  const entries: DirectoryEntry[] = [];
  for (const patientId of pending.patients()) {
    if (directory.has(patientId) || !pending.isMadeHere(patientId)) continue;
    const patient = overlay([], pending.of(patientId)).find(
      (item) => item.resource.resourceType === 'Patient',
    );
    if (patient) entries.push(directoryEntryOf(patient.resource as Patient, todayInEngland()));
  }
  return entries;
}

/**
 * A listed patient's entry as it is with the demographics that were changed on this computer and that the service's
 * directory does not tell yet: found by the new name, address and telephone at once. What the service refused or
 * disputes changes nothing of it; who is protected stays so.
 */
export function entryWithPending(entry: DirectoryEntry, pending: PendingStore): DirectoryEntry {
  const patient = pendingDemographics(entry.id, pending);
  if (patient === null) return entry;
  const made = directoryEntryOf(patient, todayInEngland());
  return {
    id: entry.id,
    ...(entry.deceased === undefined ? {} : { deceased: entry.deceased }),
    protectedPatient: entry.protectedPatient,
    registration: entry.registration,
    safety: entry.safety,
    pack: entry.pack,
    family: made.family,
    given: made.given,
    ...(made.prefix === undefined ? {} : { prefix: made.prefix }),
    ...(made.birthDate === undefined ? {} : { birthDate: made.birthDate }),
    ...(made.gender === undefined ? {} : { gender: made.gender }),
    ...(made.nhsNumber === undefined ? {} : { nhsNumber: made.nhsNumber }),
    ...(made.address === undefined || entry.protectedPatient ? {} : { address: made.address }),
    phones: entry.protectedPatient ? [] : made.phones,
  };
}

/** The latest demographics that were saved here and not refused; null where there are none. */
export function pendingDemographics(patientId: string, pending: PendingStore): Patient | null {
  const latest = pending
    .of(patientId)
    .findLast(
      ({ operation, after, state }) =>
        operation.resource === `Patient/${patientId}` &&
        after !== null &&
        (state === 'waiting' || state === 'applied'),
    );
  return (latest?.after as Patient | null | undefined) ?? null;
}

/** Everybody whom a search finds: the directory with what was changed and registered here; and whose entry was changed. */
export function listedHere(
  directory: ReadonlyMap<string, DirectoryEntry>,
  pending: PendingStore,
): { readonly entries: readonly DirectoryEntry[]; readonly changed: ReadonlySet<string> } {
  const changed = new Set(
    [...pending.patients()].filter((patientId) => pendingDemographics(patientId, pending) !== null),
  );
  const listed = [...directory.values()].map((entry) =>
    changed.has(entry.id) ? entryWithPending(entry, pending) : entry,
  );
  return { entries: [...listed, ...pendingRegistrations(pending, directory)], changed };
}
