import type { Appointment } from '@medplum/fhirtypes';
import { formatCivilDate } from '../fhir/civil-date.ts';
import { localDayOf } from '../fhir/local-time.ts';
import { VISIT_TIME_URLS } from './agenda.ts';
import { edit, type EditContext, type RecordEdit } from './record-edit.ts';

export interface EditedAppointment {
  readonly id: string;
  /** FHIR instants with offset. */
  readonly start: string;
  readonly end: string;
  readonly minutes: number;
  readonly type: string;
  readonly reason?: string;
  readonly comment?: string;
  readonly practitioner: { readonly id: string; readonly name: string };
  readonly location?: { readonly id: string; readonly name: string };
  /** Slot that it takes; none for a visit or a squeezed-in patient. */
  readonly slot?: string;
  readonly patientName: string;
}

/** Books. Two bookings of one slot made apart are both kept and shown; a person moves one (clinical.md, hazards). */
export function bookAppointment(booking: EditedAppointment, context: EditContext): RecordEdit {
  const resource: Appointment = {
    resourceType: 'Appointment',
    id: booking.id,
    status: 'booked',
    appointmentType: { text: booking.type },
    ...(booking.reason !== undefined && { reasonCode: [{ text: booking.reason }] }),
    ...(booking.comment !== undefined && { comment: booking.comment }),
    ...(booking.slot !== undefined && { slot: [{ reference: `Slot/${booking.slot}` }] }),
    start: booking.start,
    end: booking.end,
    minutesDuration: booking.minutes,
    created: context.recorded,
    participant: [
      {
        actor: { reference: `Patient/${context.patientId}`, display: booking.patientName },
        status: 'accepted',
      },
      {
        actor: {
          reference: `Practitioner/${booking.practitioner.id}`,
          display: booking.practitioner.name,
        },
        status: 'accepted',
      },
      ...(booking.location
        ? [
            {
              actor: { reference: `Location/${booking.location.id}`, display: booking.location.name },
              status: 'accepted' as const,
            },
          ]
        : []),
    ],
  };
  return edit('create', resource);
}

export interface AppointmentMove {
  readonly start: string;
  readonly end: string;
  readonly minutes: number;
  readonly slot?: string;
  readonly practitioner?: { readonly id: string; readonly name: string };
}

/** The same booking at another time, or with somebody else. On another day nobody has arrived yet. */
export function moveAppointment(appointment: Appointment, move: AppointmentMove): RecordEdit {
  const rest: Appointment = onAnotherDay(appointment.start, move.start)
    ? withoutArrival(appointment)
    : { ...appointment };
  delete rest.slot;
  return edit('amend', {
    ...rest,
    start: move.start,
    end: move.end,
    minutesDuration: move.minutes,
    ...(move.slot !== undefined && { slot: [{ reference: `Slot/${move.slot}` }] }),
    ...(move.practitioner && {
      participant: appointment.participant.map((participant) =>
        participant.actor?.reference?.startsWith('Practitioner/') === true && move.practitioner
          ? {
              ...participant,
              actor: {
                reference: `Practitioner/${move.practitioner.id}`,
                display: move.practitioner.name,
              },
            }
          : participant,
      ),
    }),
  });
}

function onAnotherDay(from: string | undefined, to: string): boolean {
  const [before, after] = [from === undefined ? null : localDayOf(from), localDayOf(to)];
  return before !== null && after !== null && formatCivilDate(before) !== formatCivilDate(after);
}

function withoutArrival(appointment: Appointment): Appointment {
  const { extension, ...rest } = appointment;
  const times = new Set<string>(Object.values(VISIT_TIME_URLS));
  const kept = extension?.filter(({ url }) => !times.has(url)) ?? [];
  return { ...rest, status: 'booked', ...(kept.length > 0 && { extension: kept }) };
}
