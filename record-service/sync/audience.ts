import { isWholeRecordVisible } from '../identity/access.ts';
import type { Actor } from '../identity/actor.ts';

/**
 * Who a pack is made for. A role with clinical activities gets the whole record; the front desk only what is not
 * clinical. Packs are cached by audience, never by person.
 */
export type Audience = 'clinical' | 'front-desk';

export function audienceOf(actor: Pick<Actor, 'activities'>): Audience {
  return isWholeRecordVisible(actor) ? 'clinical' : 'front-desk';
}

/** Types of a patient's compartment that the front desk may have some of; Tasks are looked at one by one. */
export const frontDeskTypes: readonly string[] = [
  'Patient',
  'RelatedPerson',
  'Appointment',
  'AppointmentResponse',
  'Task',
];
