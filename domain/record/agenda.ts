/**
 * What lists about many patients need of appointments and tasks, taken from each record when it arrives, so that
 * a surgery or an inbox never opens a thousand records.
 */
import { conceptText } from '../fhir/codeable-concept.ts';
import { localDayOf } from '../fhir/local-time.ts';
import { formatCivilDate } from '../fhir/civil-date.ts';
import { sortKeyOf } from '../fhir/partial-date.ts';
import { parseReference } from '../fhir/reference.ts';
import type { Appointment, Task } from '@medplum/fhirtypes';
import type { ItemSource } from './record-view.ts';
import { taskView, type TaskView } from './task-list.ts';

/** One booked slot as a surgery list shows it. Names and NHS numbers come from the directory. */
export interface AppointmentView {
  readonly source: ItemSource;
  readonly patientId: string;
  /** `YYYY-MM-DD` in England. */
  readonly day: string;
  readonly start: string;
  readonly end: string | null;
  /** As FHIR has it: booked, arrived, checked-in, fulfilled, cancelled, noshow … */
  readonly status: string;
  /** When the patient arrived, was called and left, where recorded. */
  readonly arrivedAt: string | null;
  readonly calledAt: string | null;
  readonly leftAt: string | null;
  readonly type: string | null;
  readonly reason: string | null;
  readonly comment: string | null;
  readonly practitioners: readonly { readonly id: string; readonly name: string | null }[];
  readonly location: string | null;
  readonly slots: readonly string[];
}

/** Times of the visit, which R4's Appointment has no element for. */
export const VISIT_TIME_URLS = {
  arrivedAt: 'https://gladstone.example/fhir/StructureDefinition/appointment-arrived',
  calledAt: 'https://gladstone.example/fhir/StructureDefinition/appointment-called',
  leftAt: 'https://gladstone.example/fhir/StructureDefinition/appointment-left',
} as const;

function appointmentView(
  appointment: Appointment,
  source: ItemSource,
  patientId: string,
): AppointmentView | null {
  if (appointment.start === undefined) return null;
  const day = localDayOf(appointment.start);
  if (day === null) return null;
  const visitTime = (url: string): string | null =>
    appointment.extension?.find((extension) => extension.url === url)?.valueDateTime ?? null;
  return {
    source,
    patientId,
    day: formatCivilDate(day),
    start: appointment.start,
    end: appointment.end ?? null,
    status: appointment.status,
    arrivedAt: visitTime(VISIT_TIME_URLS.arrivedAt),
    calledAt: visitTime(VISIT_TIME_URLS.calledAt),
    leftAt: visitTime(VISIT_TIME_URLS.leftAt),
    type: conceptText(appointment.appointmentType) ?? conceptText(appointment.serviceType?.[0]),
    reason: appointment.reasonCode?.map(conceptText).find((text) => text !== null) ?? null,
    comment: appointment.comment ?? appointment.description ?? null,
    practitioners: appointment.participant.flatMap((participant) => {
      const reference = parseReference(participant.actor?.reference);
      return reference?.type === 'Practitioner'
        ? [{ id: reference.id, name: participant.actor?.display ?? null }]
        : [];
    }),
    location:
      appointment.participant.find((one) => parseReference(one.actor?.reference)?.type === 'Location')?.actor
        ?.display ?? null,
    slots: appointment.slot?.map((slot) => slot.reference ?? '').filter((text) => text !== '') ?? [],
  };
}

/** What a list about many patients keeps of one. */
export interface PatientAgenda {
  readonly appointments: readonly AppointmentView[];
  readonly tasks: readonly TaskView[];
}

export const EMPTY_AGENDA: PatientAgenda = { appointments: [], tasks: [] };

/** Takes appointments and tasks out of a patient's resources. */
export function agendaOf(
  patientId: string,
  resources: Iterable<{
    readonly source: ItemSource;
    readonly resource: { readonly resourceType: string };
  }>,
): PatientAgenda {
  const appointments: AppointmentView[] = [];
  const tasks: TaskView[] = [];
  for (const { source, resource } of resources) {
    if (resource.resourceType === 'Appointment') {
      const view = appointmentView(resource as Appointment, source, patientId);
      if (view) appointments.push(view);
    } else if (resource.resourceType === 'Task') {
      tasks.push(taskView(resource as Task, source, patientId));
    }
  }
  return { appointments, tasks };
}

/** A surgery's order: by start, then by patient, so that a list never changes its order by itself. */
export function compareAppointments(left: AppointmentView, right: AppointmentView): number {
  return (
    sortKeyOf(left.start) - sortKeyOf(right.start) ||
    (left.patientId < right.patientId ? -1 : left.patientId > right.patientId ? 1 : 0)
  );
}
