/** What opening a consultation does to the booked visit, besides the entries themselves. */
import type { Entered, Finding } from './check-service.ts';
import { practitionerOf } from './people.ts';
import { listAt, textAt } from './service-record.ts';
import type { ServiceChange } from './service-record.ts';

/**
 * Each consultation put at most its own visit in consultation: one that the seed has there already stays as it is.
 * @returns also the keys of the visits that were put there
 */
export function checkVisits(
  change: ServiceChange,
  entered: readonly Entered[],
): { readonly finding: Finding; readonly keys: readonly string[] } {
  const begun = [...change.changed].filter(
    ([, one]) => one.resourceType === 'Appointment' && textAt(one, 'status') === 'checked-in',
  );
  const actorsOf = (appointment: unknown) =>
    listAt(appointment, 'participant').map((participant) => textAt(participant, 'actor.reference'));
  const consulted = new Map(
    entered
      .filter(({ kind }) => kind === 'consultation')
      .map(({ role, patient }) => [`${patient.label} with the ${role}`, { role, patient }]),
  );
  const keys: string[] = [];
  const differences: string[] = [];
  for (const [what, { role, patient }] of consulted) {
    const own = begun.filter(([, appointment]) => {
      const actors = actorsOf(appointment);
      return actors.includes(`Patient/${patient.id}`) && actors.includes(practitionerOf(role));
    });
    if (own.length > 1) differences.push(`${own.length} visits put in consultation for ${what}`);
    keys.push(...own.map(([key]) => key));
  }
  if (consulted.size > 0 && keys.length === 0) differences.push('no visit was put in consultation');
  return { finding: { what: 'each consultation put its visit in consultation', differences }, keys };
}
