import { useState, type SyntheticEvent } from 'react';
import type { BridgeError } from '../../../contract/channels/channel.ts';
import type { EnrolledUser, SessionState } from '../../../contract/channels/session.ts';
import { host } from '../../host/index.ts';
import { Button, Notice, TextField } from '../../ui/index.ts';
import { ErrorNotice, Unopened } from './error-notice.tsx';
import { Gate } from './gate.tsx';
import { askSession, session, useSignInError } from './session-store.ts';
import { ROLE_WORDS } from './words.ts';

/** Sealed: who can open it, and counts of unsent work. Not a clinical word, not a patient's name. */
export function Locked({ state }: { readonly state: SessionState }) {
  const last = state.enrolled.find(
    (user) => user.userId === state.user?.userId && user.organisation === state.user.organisation,
  );
  const [chosen, setChosen] = useState<EnrolledUser | undefined>(last ?? state.enrolled[0]);
  return (
    <Gate title="Locked">
      <Unopened state={state} />
      {state.lease?.expired === true ? (
        <Notice tone="amber">
          This bag has not been online for too long and opens again after an online sign-in. Nothing in it is
          lost.
        </Notice>
      ) : null}
      <PersonList people={state.enrolled} chosen={chosen} onChoose={setChosen} />
      {chosen ? <UnlockForm key={`${chosen.userId} ${chosen.organisation}`} user={chosen} /> : null}
    </Gate>
  );
}

function PersonList({
  people,
  chosen,
  onChoose,
}: {
  readonly people: readonly EnrolledUser[];
  readonly chosen: EnrolledUser | undefined;
  readonly onChoose: (user: EnrolledUser) => void;
}) {
  return (
    <ul className="person-list" aria-label="People who can open this bag">
      {people.map((user) => (
        <li key={`${user.userId} ${user.organisation}`}>
          <button
            type="button"
            className="person"
            aria-pressed={user === chosen}
            onClick={() => {
              onChoose(user);
            }}
          >
            <span className="person-name">{user.name}</span>
            <span>{ROLE_WORDS[user.role]}</span>
            <span className="quiet">{user.organisationName}</span>
            <span className="quiet">{unsentWords(user)}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}

function UnlockForm({ user }: { readonly user: EnrolledUser }) {
  const [usePassphrase, setUsePassphrase] = useState(!user.warmUnlock);
  const [secret, setSecret] = useState('');
  const [error, setError] = useState<BridgeError | null>(null);
  const [busy, setBusy] = useState(false);
  const signInError = useSignInError();
  const submit = async (event: SyntheticEvent) => {
    event.preventDefault();
    if (secret === '' || busy) return;
    setBusy(true);
    const answer = session().accept(
      await host().call('session.unlock', {
        userId: user.userId,
        organisation: user.organisation,
        secret: usePassphrase ? { kind: 'passphrase', passphrase: secret } : { kind: 'pin', pin: secret },
      }),
    );
    setBusy(false);
    setSecret('');
    setError(answer.ok ? null : answer.error);
  };
  return (
    <form onSubmit={(event) => void submit(event)}>
      <TextField
        key={usePassphrase ? 'passphrase' : 'pin'}
        label={usePassphrase ? `Passphrase of ${user.name}` : `PIN of ${user.name}`}
        type="password"
        inputMode={usePassphrase ? 'text' : 'numeric'}
        autoFocus
        autoComplete="current-password"
        value={secret}
        onChange={(event) => {
          setSecret(event.target.value);
        }}
      />
      <ErrorNotice error={error ?? signInError} />
      <div className="row">
        <Button tone="primary" submit disabled={secret === '' || busy} keys="Enter">
          {busy ? 'Opening the bag…' : 'Unlock'}
        </Button>
        {user.warmUnlock ? (
          <Button
            tone="plain"
            onClick={() => {
              setUsePassphrase(!usePassphrase);
              setSecret('');
            }}
          >
            {usePassphrase ? 'Use the PIN' : 'Use the passphrase'}
          </Button>
        ) : null}
        <Button
          tone="plain"
          onClick={() => {
            void askSession('session.sign-in');
          }}
        >
          Forgotten? Sign in online
        </Button>
        <Button
          tone="plain"
          onClick={() => {
            void askSession('session.another-user').then(setError);
          }}
        >
          Another person
        </Button>
      </div>
    </form>
  );
}

function unsentWords(user: EnrolledUser): string {
  const parts = [
    user.unsentOperations > 0 ? `${user.unsentOperations} waiting to send` : '',
    user.openDrafts > 0 ? `${user.openDrafts} ${user.openDrafts === 1 ? 'draft' : 'drafts'} kept` : '',
  ].filter((part) => part !== '');
  return parts.join(', ');
}
