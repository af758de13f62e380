import type { Circumstances } from '../../../domain/record/circumstance-entry.ts';
import { Button } from '../../ui/index.ts';
import { useCommand } from '../../ui/commands/index.ts';

const CHAPERONE = [
  { state: 'accepted', label: 'Accepted' },
  { state: 'declined', label: 'Declined' },
  { state: 'offered', label: 'Offered' },
] as const;

const CONSENT = [
  { state: 'given', label: 'Given' },
  { state: 'declined', label: 'Declined' },
] as const;

/** Chaperone and consent, each under one key: every press says the next thing, and after the last nothing again. */
export function CircumstanceRow({
  value,
  onChange,
}: {
  readonly value: Circumstances;
  readonly onChange: (value: Circumstances) => void;
}) {
  const setChaperone = (state: (typeof CHAPERONE)[number]['state'] | undefined) => {
    const { chaperone, ...rest } = value;
    onChange(state === undefined ? rest : { ...rest, chaperone: { state, name: chaperone?.name ?? '' } });
  };
  const setConsent = (state: (typeof CONSENT)[number]['state'] | undefined) => {
    const { consent, ...rest } = value;
    onChange(state === undefined ? rest : { ...rest, consent: { state, name: consent?.name ?? '' } });
  };
  useCommand({
    id: 'consultation.chaperone',
    title: 'Chaperone: accepted, declined, offered, nothing',
    keys: 'Alt+H',
    group: 'Consultation',
    run: () => {
      setChaperone(after(CHAPERONE, value.chaperone?.state));
    },
  });
  useCommand({
    id: 'consultation.consent',
    title: 'Consent: given, declined, nothing',
    keys: 'Alt+O',
    group: 'Consultation',
    run: () => {
      setConsent(after(CONSENT, value.consent?.state));
    },
  });
  return (
    <div className="circumstances">
      <Choice
        label="Chaperone"
        keys="Alt+H"
        choices={CHAPERONE}
        state={value.chaperone?.state}
        name={value.chaperone?.name}
        nameLabel="Name of the chaperone"
        onState={setChaperone}
        onName={(name) => {
          if (value.chaperone) onChange({ ...value, chaperone: { ...value.chaperone, name } });
        }}
      />
      <Choice
        label="Consent"
        keys="Alt+O"
        choices={CONSENT}
        state={value.consent?.state}
        name={value.consent?.name}
        nameLabel="Consent by whom, to what"
        onState={setConsent}
        onName={(name) => {
          if (value.consent) onChange({ ...value, consent: { ...value.consent, name } });
        }}
      />
    </div>
  );
}

function Choice<State extends string>({
  label,
  keys,
  choices,
  state,
  name,
  nameLabel,
  onState,
  onName,
}: {
  readonly label: string;
  readonly keys: string;
  readonly choices: readonly { readonly state: State; readonly label: string }[];
  readonly state: State | undefined;
  readonly name: string | undefined;
  readonly nameLabel: string;
  readonly onState: (state: State | undefined) => void;
  readonly onName: (name: string) => void;
}) {
  return (
    <div className="row" role="group" aria-label={label}>
      <span className="note-heading">
        {label} <kbd>{keys}</kbd>
      </span>
      <span className="choices">
        {choices.map((choice) => (
          <Button
            key={choice.state}
            aria-pressed={state === choice.state}
            onClick={() => {
              onState(state === choice.state ? undefined : choice.state);
            }}
          >
            {choice.label}
          </Button>
        ))}
      </span>
      {state === undefined ? null : (
        <input
          className="box circumstance-name"
          aria-label={nameLabel}
          placeholder={nameLabel}
          value={name ?? ''}
          onChange={(event) => {
            onName(event.target.value);
          }}
        />
      )}
    </div>
  );
}

function after<State extends string>(
  choices: readonly { readonly state: State }[],
  state: State | undefined,
): State | undefined {
  return choices[choices.findIndex((choice) => choice.state === state) + 1]?.state;
}
