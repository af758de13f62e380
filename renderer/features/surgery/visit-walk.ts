import { useState } from 'react';
import type { AgendaLine } from '../../cache/index.ts';
import { host } from '../../host/index.ts';
import { signedLately } from '../consultation/index.ts';
import { useToaster, localInstant } from '../../ui/index.ts';
import { useMyVisits } from './surgery-strip.tsx';
import { nextVisit, presentVisit, withPassed, type PassedVisit } from './visit-order.ts';
import { useVisitSteps } from './visit-steps.tsx';
import { visitStatus, type VisitStatus } from './visit-status.ts';

/** A consultation signed within this belongs to the visit that is under way. */
const SITTING_MINUTES = 120;

/** Visits that opening a note put in consultation, by key of the appointment. */
const begunByNote = new Set<string>();

/**
 * What the next-patient key does to the visit that it leaves. A visit ends only where its work has: nothing unsigned
 * stands open, and it was under way. One that was merely looked at goes on waiting.
 */
export function onLeaving(visit: {
  readonly status: VisitStatus;
  readonly signedHere: boolean;
  readonly draftOpen: boolean;
  /** Opening a note put it in consultation, and nobody said that the patient is in the room. */
  readonly begunByNote: boolean;
}): 'finish' | 'unsigned' | 'nothing-signed' | 'leave' {
  const underWay = visit.status === 'in';
  const consulted = (visit.status === 'called' || visit.status === 'arrived') && visit.signedHere;
  if (visit.draftOpen) return underWay ? 'unsigned' : 'leave';
  if (underWay && visit.begunByNote && !visit.signedHere) return 'nothing-signed';
  return underWay || consulted ? 'finish' : 'leave';
}

export interface VisitWalk {
  readonly next: AgendaLine | undefined;
  /** Today's visit of the open record. */
  readonly present: AgendaLine | undefined;
  /** Ends the present visit where that is safe, and says what it did. Drafts are durable before. */
  readonly leave: () => Promise<void>;
}

/** Today's list, walked by one key. Nobody is called by it. */
export function useVisitWalk(openPatientId: string | null): VisitWalk {
  const visits = useMyVisits();
  const steps = useVisitSteps();
  const toaster = useToaster();
  const present = openPatientId === null ? undefined : presentVisit(visits, openPatientId);
  const [passed, setPassed] = useState<readonly PassedVisit[]>([]);
  const leave = async () => {
    if (!present || openPatientId === null) return;
    setPassed((before) => withPassed(before, present));
    const drafts = await host().call('draft.list');
    // Where it cannot be known whether something stands open, the visit is left as it is.
    const draftOpen =
      !drafts.ok ||
      drafts.value.some(
        ({ patientId, kind }) =>
          patientId === openPatientId && (kind === 'consultation' || kind === 'observations'),
      );
    const status = visitStatus(present.appointment);
    const signedHere = signedLately(openPatientId, localInstant(), SITTING_MINUTES);
    const wasBegunByNote = begunByNote.has(present.appointment.source.key);
    const done = onLeaving({ status, signedHere, draftOpen, begunByNote: wasBegunByNote });
    if (done === 'finish') await steps.take(present, 'left');
    else if (done === 'unsigned')
      toaster.warn(
        'The visit you left stays in consultation: its note is not signed. The draft is kept.',
        'amber',
      );
    else if (done === 'nothing-signed')
      toaster.warn(
        'The visit you left stays in consultation: nothing was signed in it. On the list Alt+L ends it.',
        'amber',
      );
  };
  return { next: nextVisit(visits, openPatientId, passed), present, leave };
}

/** Opening a consultation puts the visit in consultation: told with its time, and taken back by one key. */
export function useVisitUnderWay(patientId: string): () => void {
  const present = presentVisit(useMyVisits(), patientId);
  const steps = useVisitSteps();
  return () => {
    const status = present ? visitStatus(present.appointment) : null;
    if (present && (status === 'booked' || status === 'arrived' || status === 'called'))
      void steps.take(present, 'in').then((taken) => {
        if (taken) begunByNote.add(present.appointment.source.key);
      });
  };
}
