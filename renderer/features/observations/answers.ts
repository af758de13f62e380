/** What a score hangs on and no box holds: answered in the set, else as the record has it. */
import type { Observation } from '@medplum/fhirtypes';
import type { News2Patient, Spo2Scale } from '../../../domain/clinical/news2.ts';
import type { ObservationContext } from '../../../domain/clinical/observation-shell.ts';
import { asksPregnancy, pregnancyOn } from '../../../domain/clinical/pregnancy.ts';
import {
  buildPregnancy,
  buildScaleChoice,
  type StandingFacts,
} from '../../../domain/record/standing-facts.ts';
import type { SetState } from './set-state.ts';

/** The scale chosen in this set, else as recorded, with who chose it and when. */
export function scaleInForce(
  { scale }: SetState,
  { by, on, standing }: { readonly by: string; readonly on: string; readonly standing: StandingFacts },
): Spo2Scale {
  if (scale === 2) return { scale: 2, confirmedBy: by, confirmedOn: on };
  const recorded = standing.spo2Scale;
  if (scale === null && recorded?.scale === 2)
    return { scale: 2, confirmedBy: recorded.by ?? 'author not recorded', confirmedOn: recorded.on };
  return { scale: 1 };
}

/** The answer of this set, else the recorded one on its days; nobody's where it is not asked. */
export function pregnancyInForce(
  { pregnancy }: SetState,
  ageYears: number | null,
  standing: StandingFacts,
  today: string,
): News2Patient['pregnancy'] {
  if (pregnancy !== 'not-asked') return pregnancy;
  const recorded = pregnancyOn(standing.pregnancy, today);
  if (recorded !== 'not-asked') return recorded;
  return asksPregnancy(ageYears, standing.sex) ? 'not-asked' : 'not-pregnant';
}

/** Answers of this set that the record does not hold yet. */
export function answersIn(state: SetState, standing: StandingFacts): readonly ('pregnancy' | 'scale')[] {
  const isNewScale = state.scale !== null && state.scale !== (standing.spo2Scale?.scale ?? 1);
  return [
    ...(state.pregnancy === 'not-asked' ? [] : (['pregnancy'] as const)),
    ...(isNewScale ? (['scale'] as const) : []),
  ];
}

/** The same as entries of their own, saved with the set. */
export function buildAnswers(
  state: SetState,
  standing: StandingFacts,
  context: ObservationContext,
): readonly Observation[] {
  return answersIn(state, standing).flatMap((answer) => {
    if (answer === 'scale') return state.scale === null ? [] : [buildScaleChoice(state.scale, context)];
    if (state.pregnancy === 'not-asked') return [];
    const due = state.due === undefined || state.due === '' ? null : state.due;
    return [buildPregnancy(state.pregnancy, due, context)];
  });
}
