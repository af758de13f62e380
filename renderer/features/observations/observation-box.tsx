import { useId, type ReactNode } from 'react';
import { isNumberKey } from '../../../domain/clinical/observation-definitions.ts';
import type { EntryPatient } from '../../../domain/clinical/observation-entry.ts';
import { displayDate } from '../../../domain/clinical/date-display.ts';
import type { ObservationRow, ObservationSeries } from '../../../domain/record/record-view.ts';
import { boxWords } from './box-words.ts';
import { useEntryKeys } from './use-entry-keys.ts';
import { readBox, type SetState } from './set-state.ts';
import { MiniTrend } from './mini-trend.tsx';
import { MannerFields } from './manner-fields.tsx';
import type { BoxKey } from './sets.ts';

/** One value: a bare number in the box, the unit beside it, the last values under it, words where it is refused. */
export function ObservationBox({
  boxKey,
  state,
  patient,
  row,
  series,
  onChange,
  onManners,
  onKeep,
  onNext,
  onFurther,
  beside,
}: {
  readonly boxKey: BoxKey;
  readonly state: SetState;
  readonly patient: EntryPatient;
  readonly row: ObservationRow | undefined;
  readonly series: ObservationSeries | undefined;
  readonly onChange: (text: string) => void;
  readonly onManners: (manners: Partial<SetState['manners']>) => void;
  readonly onKeep: () => void;
  readonly onNext: (from: HTMLElement) => void;
  /** Opens another reading of the same; absent where there is one only. */
  readonly onFurther?: (() => void) | undefined;
  /** What is read beside the last values. */
  readonly beside?: ReactNode;
}) {
  const id = useId();
  const text = state.texts[boxKey] ?? '';
  const entry = readBox(boxKey, text, patient);
  const kept = state.kept.includes(boxKey);
  const { label, unit, hint } = boxWords(boxKey);
  const { onKeyDown, words } = useEntryKeys({ entry, text, kept, onKeep, onNext, onFurther });
  const said = entry.verdict === 'ok' && isChoice(boxKey) ? (entry.value as { label: string }).label : null;
  return (
    <div className="observation" data-verdict={entry.verdict === 'unlikely' && kept ? 'kept' : entry.verdict}>
      <label htmlFor={id}>{label}</label>
      <span className="observation-entry">
        <input
          id={id}
          className="box observation-box"
          data-observation={boxKey}
          value={text}
          autoComplete="off"
          spellCheck={false}
          placeholder={hint}
          aria-invalid={entry.verdict === 'refused' ? true : undefined}
          aria-describedby={`${id}-words ${id}-last`}
          onChange={(event) => {
            onChange(event.target.value);
          }}
          onKeyDown={onKeyDown}
        />
        <span className="observation-unit">{said ?? unit}</span>
      </span>
      <MannerFields
        boxKey={boxKey}
        text={text}
        manners={state.manners}
        onManners={onManners}
        onFurther={entry.verdict === 'ok' || kept ? onFurther : undefined}
      />
      <span id={`${id}-last`} className="observation-last quiet">
        {row?.readings
          .filter((reading) => !reading.besides)
          .slice(0, 2)
          .map((reading, index) => (
            <span key={reading.source.key} className="nowrap">
              {index === 0 ? (
                <strong>{row.unit === null ? reading.text : reading.written}</strong>
              ) : row.unit === null ? (
                reading.text
              ) : (
                reading.written
              )}{' '}
              {displayDate(reading.when ?? undefined)}
            </span>
          ))}
        <MiniTrend series={series} />
        {beside}
      </span>
      <span id={`${id}-words`} className="observation-words" role={words ? 'alert' : undefined}>
        {words}
      </span>
    </div>
  );
}

function isChoice(key: BoxKey): boolean {
  return key !== 'bloodPressure' && !isNumberKey(key);
}
