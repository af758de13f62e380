import { PRESSURE_CODES, type PressureState } from '../../../domain/clinical/blood-pressure.ts';
import { Button } from '../../ui/index.ts';
import { readChoiceEntry } from '../../../domain/clinical/observation-entry.ts';
import type { Manners } from './set-state.ts';
import type { BoxKey } from './sets.ts';

const SITES: readonly Manners['temperature'][] = ['ear', 'mouth', 'axilla', 'forehead', 'rectum'];

/** Position and arm, place of the temperature, device of the oxygen, method of a near-patient test. */
export function MannerFields({
  boxKey,
  text,
  manners,
  onManners,
  onFurther,
}: {
  readonly boxKey: BoxKey;
  readonly text: string;
  readonly manners: Manners;
  readonly onManners: (manners: Partial<Manners>) => void;
  readonly onFurther?: (() => void) | undefined;
}) {
  // eslint-disable-next-line @typescript-eslint/switch-exhaustiveness-check -- only these few have a manner
  switch (boxKey) {
    case 'bloodPressure':
      return (
        <PressureManner
          of="the blood pressure"
          state={manners.pressure}
          arm={manners.arm}
          onState={(pressure) => {
            onManners({ pressure });
          }}
          onArm={(arm) => {
            onManners({ arm });
          }}
          onFurther={onFurther}
        />
      );
    case 'temperature':
      return (
        <span className="manners">
          <Choose
            label="Where the temperature was taken"
            value={manners.temperature}
            choices={[['', 'Site not said'], ...SITES.map((site) => [site, site] as const)]}
            onChoose={(value) => {
              onManners({ temperature: value as Manners['temperature'] });
            }}
          />
        </span>
      );
    case 'oxygen': {
      const entry = readChoiceEntry('oxygen', text);
      if (entry.verdict !== 'ok' || entry.value.value !== 'oxygen') return <span className="manners" />;
      return (
        <span className="manners">
          <input
            className="box"
            aria-label="Oxygen flow in litres a minute"
            placeholder="L/min"
            value={manners.oxygenFlow}
            onChange={(event) => {
              onManners({ oxygenFlow: event.target.value.replace(/[^\d.]/g, '') });
            }}
          />
          <input
            className="box"
            aria-label="Oxygen device"
            placeholder="device"
            value={manners.oxygenDevice}
            onChange={(event) => {
              onManners({ oxygenDevice: event.target.value });
            }}
          />
        </span>
      );
    }
    case 'glucose':
      return (
        <span className="manners">
          <Choose
            label="Method of the glucose"
            value={manners.glucoseMethod}
            choices={[
              ['', 'Method not said'],
              ['fingerprick meter', 'fingerprick'],
              ['laboratory, reported elsewhere', 'laboratory'],
            ]}
            onChoose={(value) => {
              onManners({ glucoseMethod: value });
            }}
          />
        </span>
      );
    case 'hba1c':
      return (
        <span className="manners">
          <Choose
            label="Method of the HbA1c"
            value={manners.hba1cMethod}
            choices={[
              ['', 'Method not said'],
              ['point of care', 'point of care'],
              ['laboratory, reported elsewhere', 'laboratory'],
            ]}
            onChoose={(value) => {
              onManners({ hba1cMethod: value });
            }}
          />
        </span>
      );
    default:
      return <span className="manners" />;
  }
}

/** Position and arm of one blood pressure. */
export function PressureManner({
  of,
  state,
  arm,
  onState,
  onArm,
  onFurther,
}: {
  /** In words, for the names of the two choices. */
  readonly of: string;
  readonly state: PressureState;
  readonly arm: Manners['arm'];
  readonly onState: (state: PressureState) => void;
  readonly onArm: (arm: Manners['arm']) => void;
  /** Opens a box for another reading; absent where there are enough. */
  readonly onFurther?: (() => void) | undefined;
}) {
  return (
    <span className="manners">
      <Choose
        label={`Position of ${of}`}
        value={state}
        choices={Object.entries(PRESSURE_CODES).map(([value, { label }]) => [
          value,
          value === 'on-examination' ? 'Position not said' : label,
        ])}
        onChoose={(value) => {
          onState(value as PressureState);
        }}
      />
      <Choose
        label={`Arm of ${of}`}
        value={arm}
        choices={[
          ['', 'Arm not said'],
          ['left', 'Left arm'],
          ['right', 'Right arm'],
        ]}
        onChoose={(value) => {
          onArm(value as Manners['arm']);
        }}
      />
      {onFurther ? (
        <Button tone="plain" keys="+" aria-label={`Another reading after ${of}`} onClick={onFurther}>
          Another
        </Button>
      ) : null}
    </span>
  );
}

function Choose({
  label,
  value,
  choices,
  onChoose,
}: {
  readonly label: string;
  readonly value: string;
  readonly choices: readonly (readonly [string, string])[];
  readonly onChoose: (value: string) => void;
}) {
  return (
    <select
      className="box"
      aria-label={label}
      value={value}
      onChange={(event) => {
        onChoose(event.target.value);
      }}
    >
      {choices.map(([choice, words]) => (
        <option key={choice} value={choice}>
          {words}
        </option>
      ))}
    </select>
  );
}
