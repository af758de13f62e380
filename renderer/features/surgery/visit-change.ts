import { VISIT_TIME_URLS } from '../../../domain/record/agenda.ts';
import type { ResourceJson } from '../../../domain/sync/operation.ts';
import { visitStatus, type VisitStatus } from './visit-status.ts';

export interface VisitStep {
  readonly to: VisitStatus;
  readonly label: string;
}

/** What may happen next to a visit, the most likely first. */
export const NEXT_STEPS: Readonly<Record<VisitStatus, readonly VisitStep[]>> = {
  booked: [
    { to: 'arrived', label: 'Arrived' },
    { to: 'in', label: 'In' },
    { to: 'did-not-attend', label: 'Did not attend' },
    { to: 'cancelled', label: 'Cancel' },
  ],
  arrived: [
    { to: 'called', label: 'Call' },
    { to: 'in', label: 'In' },
    { to: 'did-not-attend', label: 'Did not attend' },
    { to: 'cancelled', label: 'Cancel' },
  ],
  called: [
    { to: 'in', label: 'In' },
    { to: 'did-not-attend', label: 'Did not attend' },
    { to: 'cancelled', label: 'Cancel' },
  ],
  in: [{ to: 'left', label: 'Left' }],
  left: [],
  'did-not-attend': [{ to: 'arrived', label: 'Arrived late' }],
  cancelled: [],
};

/** The key of each step, on the list and in an open record. Cancelling asks for its reason instead. */
export const STEP_KEYS: Readonly<Partial<Record<VisitStatus, string>>> = {
  arrived: 'Alt+V',
  called: 'Alt+E',
  in: 'Alt+I',
  left: 'Alt+L',
  'did-not-attend': 'Alt+X',
};

const FHIR_STATUS: Readonly<Record<VisitStatus, string>> = {
  booked: 'booked',
  arrived: 'arrived',
  called: 'arrived',
  in: 'checked-in',
  left: 'fulfilled',
  'did-not-attend': 'noshow',
  cancelled: 'cancelled',
};

/**
 * The appointment after one step, with the time of the visit that the step records.
 * @param at ISO 8601 with offset
 * @param reason why it was cancelled
 */
export function withVisitStep(
  appointment: ResourceJson,
  to: VisitStatus,
  at: string,
  reason?: string,
): ResourceJson {
  const url =
    to === 'arrived'
      ? VISIT_TIME_URLS.arrivedAt
      : to === 'called'
        ? VISIT_TIME_URLS.calledAt
        : to === 'left'
          ? VISIT_TIME_URLS.leftAt
          : null;
  const others = extensionsOf(appointment).filter((extension) => extension['url'] !== url);
  const extension = url === null ? others : [...others, { url, valueDateTime: at }];
  return {
    ...appointment,
    status: FHIR_STATUS[to],
    ...(extension.length > 0 ? { extension } : {}),
    ...(reason === undefined ? {} : { cancelationReason: { text: reason } }),
  };
}

/** Where a visit stands by its appointment as it lies. */
export function statusOfVisit(appointment: ResourceJson): VisitStatus {
  const timeOf = (url: string) => {
    const time = extensionsOf(appointment).find((extension) => extension['url'] === url)?.['valueDateTime'];
    return typeof time === 'string' ? time : null;
  };
  return visitStatus({
    status: typeof appointment['status'] === 'string' ? appointment['status'] : '',
    calledAt: timeOf(VISIT_TIME_URLS.calledAt),
    leftAt: timeOf(VISIT_TIME_URLS.leftAt),
  });
}

/** The appointment as it is now, with the status and times that stood before a step that was a slip. */
export function withStepTakenBack(appointment: ResourceJson, before: ResourceJson): ResourceJson {
  const times = new Set<unknown>(Object.values(VISIT_TIME_URLS));
  const isTime = (extension: Part) => times.has(extension['url']);
  const extension = [
    ...extensionsOf(appointment).filter((one) => !isTime(one)),
    ...extensionsOf(before).filter(isTime),
  ];
  const rest = Object.fromEntries(
    Object.entries(appointment).filter(([name]) => name !== 'extension' && name !== 'cancelationReason'),
  );
  const reason = before['cancelationReason'];
  const { resourceType, id } = appointment;
  return {
    resourceType,
    id,
    ...rest,
    status: before['status'],
    ...(extension.length > 0 ? { extension } : {}),
    ...(reason === undefined ? {} : { cancelationReason: reason }),
  };
}

function extensionsOf(resource: ResourceJson): readonly Part[] {
  const value = resource['extension'];
  return Array.isArray(value) ? (value as readonly Part[]) : [];
}

/** An extension as data. */
type Part = Readonly<Record<string, unknown>>;
