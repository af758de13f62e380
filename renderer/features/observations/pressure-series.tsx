import { useEffect, useId, useRef } from 'react';
import { PRESSURE_CODES } from '../../../domain/clinical/blood-pressure.ts';
import type { EntryPatient } from '../../../domain/clinical/observation-entry.ts';
import { PressureManner } from './manner-fields.tsx';
import {
  pressureBoxes,
  readPressures,
  representing,
  withFurther,
  withFurtherChanged,
  type PressureBox,
} from './pressure-readings.ts';
import type { FurtherPressure, SetState } from './set-state.ts';
import { useEntryKeys } from './use-entry-keys.ts';

/** Readings after the first, each in a box of its own, and which of them stands for the set. */
export function PressureSeries({
  state,
  patient,
  onState,
  onNext,
}: {
  readonly state: SetState;
  readonly patient: EntryPatient;
  readonly onState: (state: SetState) => void;
  readonly onNext: (from: HTMLElement) => void;
}) {
  const id = useId();
  const boxes = pressureBoxes(state, patient);
  const readings = readPressures(state, patient);
  const stands = representing(state, readings);
  return (
    <>
      {boxes.slice(1).map((box) => (
        <FurtherBox
          key={box.key}
          box={box}
          onChange={(change) => {
            onState(withFurtherChanged(state, box.at, change));
          }}
          onFurther={() => {
            onState(withFurther(state));
          }}
          onNext={onNext}
        />
      ))}
      {readings.length > 1 && stands ? (
        <div className="observation pressure-stands">
          <label htmlFor={id}>Stands for the set</label>
          <select
            id={id}
            className="box"
            value={stands.at}
            onChange={(event) => {
              onState({ ...state, represents: Number(event.target.value) });
            }}
          >
            {readings.map((reading) => (
              <option key={reading.at} value={reading.at}>
                {reading.at + 1}: {reading.text.trim()}
                {reading.state === 'on-examination'
                  ? ''
                  : `, ${PRESSURE_CODES[reading.state].label.toLowerCase()}`}
              </option>
            ))}
          </select>
          <span className="quiet small">
            {state.represents === undefined
              ? 'By NICE NG136: the lower of the last two. All are recorded.'
              : 'Your choice. All are recorded.'}
          </span>
        </div>
      ) : null}
    </>
  );
}

function FurtherBox({
  box,
  onChange,
  onFurther,
  onNext,
}: {
  readonly box: PressureBox;
  readonly onChange: (change: Partial<FurtherPressure>) => void;
  readonly onFurther: () => void;
  readonly onNext: (from: HTMLElement) => void;
}) {
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  // It was asked for by a key: the value is typed at once. One that comes back with a draft was not.
  const opensEmpty = useRef(box.text === '');
  useEffect(() => {
    if (opensEmpty.current) input.current?.focus();
  }, []);
  const { onKeyDown, words } = useEntryKeys({
    entry: box.entry,
    text: box.text,
    kept: box.kept,
    onKeep: () => {
      onChange({ kept: true });
    },
    onNext,
    onFurther,
  });
  return (
    <div
      className="observation further-reading"
      data-verdict={box.entry.verdict === 'unlikely' && box.kept ? 'kept' : box.entry.verdict}
    >
      <label htmlFor={id}>Reading {box.at + 1}</label>
      <span className="observation-entry">
        <input
          id={id}
          ref={input}
          className="box observation-box"
          data-observation={box.key}
          value={box.text}
          autoComplete="off"
          spellCheck={false}
          aria-invalid={box.entry.verdict === 'refused' ? true : undefined}
          aria-describedby={`${id}-words`}
          onChange={(event) => {
            onChange({ text: event.target.value });
          }}
          onKeyDown={onKeyDown}
        />
        <span className="observation-unit">mmHg</span>
      </span>
      <PressureManner
        of={`reading ${box.at + 1}`}
        state={box.state}
        arm={box.arm}
        onState={(state) => {
          onChange({ state });
        }}
        onArm={(arm) => {
          onChange({ arm });
        }}
      />
      <span id={`${id}-words`} className="observation-words" role={words ? 'alert' : undefined}>
        {words}
      </span>
    </div>
  );
}
