import { useState, type SyntheticEvent } from 'react';
import type { BridgeError } from '../../../contract/channels/channel.ts';
import type { SessionState } from '../../../contract/channels/session.ts';
import { host } from '../../host/index.ts';
import { Button, TextField } from '../../ui/index.ts';
import { ErrorNotice } from './error-notice.tsx';
import { Gate } from './gate.tsx';
import { askSession, session } from './session-store.ts';

const SHORTEST_PASSPHRASE = 12;

/** Sets the passphrase of a new bag, or a new one after it was forgotten (`recover`). */
export function SetPassphrase({
  state,
  recover = false,
}: {
  readonly state: SessionState;
  readonly recover?: boolean;
}) {
  const [passphrase, setPassphrase] = useState('');
  const [again, setAgain] = useState('');
  const [pin, setPin] = useState('');
  const [error, setError] = useState<BridgeError | null>(null);
  const [busy, setBusy] = useState(false);
  const tooShort = passphrase.length < SHORTEST_PASSPHRASE;
  const badPin = pin !== '' && !/^\d{4,8}$/.test(pin);
  const differs = again !== passphrase;
  const submit = async (event: SyntheticEvent) => {
    event.preventDefault();
    if (tooShort || differs || badPin || busy) return;
    setBusy(true);
    const answer = session().accept(
      await host().call(recover ? 'session.recover' : 'session.set-passphrase', {
        passphrase,
        ...(pin === '' ? {} : { pin }),
      }),
    );
    setBusy(false);
    setError(answer.ok ? null : answer.error);
  };
  return (
    <Gate title={recover ? 'Set a new passphrase' : 'Set the passphrase of this bag'}>
      <p>
        {state.user ? <strong>{state.user.name}. </strong> : null}
        The passphrase opens the records on this computer when there is no network. Nobody else can read it,
        and it is not stored. Three or four unrelated words are easy to keep in mind.
      </p>
      <form onSubmit={(event) => void submit(event)}>
        <TextField
          label="Passphrase"
          type="password"
          autoFocus
          autoComplete="new-password"
          hint={`At least ${SHORTEST_PASSPHRASE} characters; ${passphrase.length} now`}
          value={passphrase}
          onChange={(event) => {
            setPassphrase(event.target.value);
          }}
        />
        <TextField
          label="Passphrase once more"
          type="password"
          autoComplete="new-password"
          value={again}
          error={
            again !== '' && differs && again.length >= passphrase.length
              ? 'The two are not the same.'
              : undefined
          }
          onChange={(event) => {
            setAgain(event.target.value);
          }}
        />
        {state.keystore === 'system' ? (
          <TextField
            label="Short PIN (optional)"
            type="password"
            inputMode="numeric"
            hint="4 to 8 digits, to unlock quickly on this computer while it stays on"
            value={pin}
            error={badPin ? 'A PIN has 4 to 8 digits.' : undefined}
            onChange={(event) => {
              setPin(event.target.value);
            }}
          />
        ) : (
          <p className="quiet">This computer has no keystore, so the passphrase is asked every time.</p>
        )}
        <ErrorNotice error={error} />
        <div className="row">
          <Button tone="primary" submit disabled={tooShort || differs || badPin || busy} keys="Enter">
            {busy ? 'Sealing the bag…' : 'Set and open'}
          </Button>
          <Button
            tone="plain"
            onClick={() => {
              void askSession('session.cancel-sign-in').then(setError);
            }}
          >
            Cancel
          </Button>
        </div>
      </form>
    </Gate>
  );
}
