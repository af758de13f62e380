import { createContext, use, useRef, useState, type ReactNode } from 'react';
import { displayTime } from '../../../domain/clinical/date-display.ts';
import { missedAppointmentWords } from '../../../domain/clinical/child-warnings.ts';
import type { ResourceJson } from '../../../domain/sync/operation.ts';
import type { AgendaLine } from '../../cache/index.ts';
import { useBag } from '../bag/index.ts';
import { changeFrom, newId, resourceOf, useSave } from '../saving/index.ts';
import { ErrorWords } from '../session/index.ts';
import { Button, localInstant, useToaster } from '../../ui/index.ts';
import { useCommand } from '../../ui/commands/index.ts';
import { NEXT_STEPS, statusOfVisit, withStepTakenBack, withVisitStep } from './visit-change.ts';
import { VISIT_WORDS, type VisitStatus } from './visit-status.ts';

const UNDO_KEY = 'Alt+Z';
const TAKEN_BACK = 'The step was a slip and was taken back.';

interface StepTaken {
  readonly patientId: string;
  readonly key: string;
  readonly words: string;
  readonly before: ResourceJson;
  readonly status: unknown;
}

export interface VisitSteps {
  /**
   * Saves one step of a visit and offers to take it back.
   * @param shownPatientId whose identity stood on the line that was pressed; absent in an open record, where it is
   * the banner's
   * @param reason why a visit is cancelled
   */
  readonly take: (
    line: AgendaLine,
    to: VisitStatus,
    shownPatientId?: string | null,
    reason?: string,
  ) => Promise<boolean>;
  readonly busy: boolean;
}

const VisitStepsContext = createContext<VisitSteps | null>(null);

export function useVisitSteps(): VisitSteps {
  const steps = use(VisitStepsContext);
  if (!steps) throw new Error('no VisitStepsProvider above');
  return steps;
}

/** One place for the steps of visits, so that the last one can be taken back on whatever screen one is by then. */
export function VisitStepsProvider({ children }: { readonly children: ReactNode }) {
  const bag = useBag();
  const save = useSave();
  const toaster = useToaster();
  const [busy, setBusy] = useState(false);
  const [last, setLast] = useState<StepTaken | null>(null);
  const latest = useRef<StepTaken | null>(null);
  const remember = (step: StepTaken | null) => {
    latest.current = step;
    setLast(step);
  };
  const takeBack = async (step: StepTaken) => {
    if (latest.current !== step) {
      toaster.warn('Only the last step of a visit can be taken back here. Nothing was changed.', 'amber');
      return;
    }
    const shown = await bag.resource(step.patientId, step.key);
    if (!shown || resourceOf<ResourceJson>(shown)['status'] !== step.status) {
      toaster.warn('This visit was changed again in the meantime. Nothing was taken back.', 'amber');
      return;
    }
    const after = withStepTakenBack(resourceOf<ResourceJson>(shown), step.before);
    const change = changeFrom({ kind: 'correct', after, reason: TAKEN_BACK }, shown);
    // Another record may be open by now: what is taken back is the step, whose patient was checked when it was taken.
    const answer = await save({
      groupId: newId(),
      patientId: step.patientId,
      changes: [change],
      shownPatientId: step.patientId,
    });
    if (answer.ok) {
      remember(null);
      toaster.tell(`${step.words}: taken back, saved on this computer`);
    } else toaster.warn(<ErrorWords error={answer.error} />);
  };
  // One after the other: a second key waits for the first, and is judged by what that one left.
  const running = useRef<Promise<unknown>>(Promise.resolve());
  const take: VisitSteps['take'] = (...asked) => {
    const taken = running.current.then(() => takeNow(...asked));
    running.current = taken.catch(() => undefined);
    return taken;
  };
  const takeNow: VisitSteps['take'] = async (line, to, shownPatientId, reason) => {
    const { patientId, source, start } = line.appointment;
    setBusy(true);
    try {
      const shown = await bag.resource(patientId, source.key);
      if (!shown) {
        toaster.warn('This appointment is not in the data on this computer any more. Nothing was changed.');
        return false;
      }
      const stands = statusOfVisit(resourceOf<ResourceJson>(shown));
      if (!NEXT_STEPS[stands].some((step) => step.to === to)) {
        toaster.tell(`Nothing changed: this visit stands at “${VISIT_WORDS[stands].words}”.`);
        return false;
      }
      const after = withVisitStep(resourceOf<ResourceJson>(shown), to, localInstant(), reason);
      const change = changeFrom({ kind: 'amend', after }, shown);
      const answer = await save({
        groupId: newId(),
        patientId,
        changes: [change],
        ...(shownPatientId === undefined ? {} : { shownPatientId }),
      });
      if (!answer.ok) {
        toaster.warn(<ErrorWords error={answer.error} />);
        return false;
      }
      const said =
        to === 'did-not-attend'
          ? missedAppointmentWords(line.entry?.birthDate, localInstant())
          : VISIT_WORDS[to].words;
      // The time tells which visit it was: no other patient's name stands beside an open record.
      const words = `${displayTime(start) ?? ''} ${said}`.trim();
      const step: StepTaken = {
        patientId,
        key: source.key,
        words,
        before: resourceOf<ResourceJson>(shown),
        status: after['status'],
      };
      remember(step);
      toaster.tell(
        <>
          {words}: saved on this computer{' '}
          <Button keys={UNDO_KEY} onClick={() => void takeBack(step)}>
            Undo
          </Button>
        </>,
      );
      return true;
    } finally {
      setBusy(false);
    }
  };
  useCommand({
    id: 'visit.undo',
    title: last ? `Take back: ${last.words}` : 'Take back the last step of a visit',
    keys: UNDO_KEY,
    group: 'Visits',
    enabled: last !== null,
    run: () => {
      if (last) void takeBack(last);
    },
  });
  return <VisitStepsContext value={{ take, busy }}>{children}</VisitStepsContext>;
}
