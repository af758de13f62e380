import { useState, type SyntheticEvent } from 'react';
import type { BridgeError } from '../../../contract/channels/channel.ts';
import type { SessionState } from '../../../contract/channels/session.ts';
import { host } from '../../host/index.ts';
import { Button, Notice, TextField } from '../../ui/index.ts';
import { ErrorNotice, Unopened } from './error-notice.tsx';
import { Gate } from './gate.tsx';
import { askSession, session, useSignInError } from './session-store.ts';

export function ChooseService({ state }: { readonly state: SessionState }) {
  const [address, setAddress] = useState(state.serviceUrl ?? '');
  const [error, setError] = useState<BridgeError | null>(null);
  const [busy, setBusy] = useState(false);
  const valid = URL.canParse(address.trim());
  const submit = async (event: SyntheticEvent) => {
    event.preventDefault();
    if (!valid || busy) return;
    setBusy(true);
    const answer = session().accept(await host().call('session.configure', { serviceUrl: address.trim() }));
    setBusy(false);
    setError(answer.ok ? null : answer.error);
  };
  return (
    <Gate title="Choose the record service">
      <p>
        The record service keeps your organisation’s records. Its address comes from your administrator. It is
        asked once on this computer.
      </p>
      <form onSubmit={(event) => void submit(event)}>
        <TextField
          label="Address of the record service"
          hint="For example https://records.example.nhs.uk"
          value={address}
          inputMode="url"
          autoFocus
          error={
            address !== '' && !valid ? 'This is not a whole address: it begins with https://' : undefined
          }
          onChange={(event) => {
            setAddress(event.target.value);
          }}
        />
        <ErrorNotice error={error} />
        <div className="row">
          <Button tone="primary" submit disabled={!valid || busy} keys="Enter">
            {busy ? 'Asking the service who it is…' : 'Use this service'}
          </Button>
        </div>
      </form>
    </Gate>
  );
}

export function SignedOut({ state }: { readonly state: SessionState }) {
  const [error, setError] = useState<BridgeError | null>(null);
  const signInError = useSignInError();
  return (
    <Gate title="Sign in">
      <Unopened state={state} />
      <p>
        Record service: <strong>{state.serviceName ?? state.serviceUrl}</strong>
      </p>
      <p>
        You sign in online once; after that you can open this bag with your passphrase for up to 14 days
        without a network.
      </p>
      <ErrorNotice error={error ?? signInError} />
      <div className="row">
        <Button
          tone="primary"
          autoFocus
          keys="Enter"
          onClick={() => {
            void askSession('session.sign-in');
          }}
        >
          Sign in
        </Button>
        {state.enrolled.length > 0 ? (
          <Button
            onClick={() => {
              void askSession('session.cancel-sign-in').then(setError);
            }}
          >
            Back to unlock
          </Button>
        ) : null}
      </div>
    </Gate>
  );
}

export function SigningIn() {
  const [error, setError] = useState<BridgeError | null>(null);
  return (
    <Gate title="Signing in">
      <Notice>
        Go on in the sign-in window or in your browser. This page goes on by itself when you are signed in.
      </Notice>
      <ErrorNotice error={error} />
      <div className="row">
        <Button
          autoFocus
          onClick={() => {
            void askSession('session.cancel-sign-in').then(setError);
          }}
        >
          Cancel signing in
        </Button>
      </div>
    </Gate>
  );
}
