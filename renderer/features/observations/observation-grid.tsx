import { Fragment, useEffect, useRef } from 'react';
import { usualApplies, type EntryPatient } from '../../../domain/clinical/observation-entry.ts';
import type { RecordViews } from '../../../domain/record/record-view.ts';
import { ObservationBox } from './observation-box.tsx';
import { mayHaveFurther, withFurther } from './pressure-readings.ts';
import { PeakFlowBest } from './peak-flow-best.tsx';
import { PressureSeries } from './pressure-series.tsx';
import { numberIn, withKept, withText, type SetState } from './set-state.ts';
import type { BoxKey } from './sets.ts';
import './observations.css';

/** The boxes of a set; Enter walks through them and, at the end, calls `onDone`. */
export function ObservationGrid({
  boxes,
  state,
  patient,
  rows,
  series,
  onState,
  onDone,
  focusFirst = false,
}: {
  readonly boxes: readonly BoxKey[];
  readonly state: SetState;
  readonly patient: EntryPatient;
  readonly rows: RecordViews['observations'];
  readonly series: RecordViews['series'];
  readonly onState: (state: SetState) => void;
  readonly onDone: () => void;
  /** The first box takes the focus when the set opens: values are typed at once. */
  readonly focusFirst?: boolean;
}) {
  const grid = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (focusFirst) grid.current?.querySelector<HTMLElement>('[data-observation]')?.focus();
  }, [focusFirst]);
  const next = (from: HTMLElement) => {
    const all = [...(grid.current?.querySelectorAll<HTMLElement>('[data-observation]') ?? [])];
    const following = all[all.indexOf(from) + 1];
    if (following) following.focus();
    else onDone();
  };
  return (
    <div className="observation-grid" ref={grid}>
      {usualApplies(patient) ? null : (
        <p className="quiet">
          Child: no usual range for a child here. Only values that cannot be are refused; judge them by age.
        </p>
      )}
      {boxes.map((key) => (
        <Fragment key={key}>
          <ObservationBox
            boxKey={key}
            state={state}
            patient={patient}
            row={rows.find((row) => row.kind === key)}
            series={series.find((one) => one.kind === key)}
            beside={
              key === 'peakFlow' ? (
                <PeakFlowBest series={series} entered={numberIn(key, state, patient)} />
              ) : null
            }
            onChange={(text) => {
              onState(withText(state, key, text));
            }}
            onManners={(manners) => {
              onState({ ...state, manners: { ...state.manners, ...manners } });
            }}
            onKeep={() => {
              onState(withKept(state, key));
            }}
            onNext={next}
            onFurther={
              key === 'bloodPressure' && mayHaveFurther(state)
                ? () => {
                    onState(withFurther(state));
                  }
                : undefined
            }
          />
          {key === 'bloodPressure' ? (
            <PressureSeries state={state} patient={patient} onState={onState} onNext={next} />
          ) : null}
        </Fragment>
      ))}
    </div>
  );
}
