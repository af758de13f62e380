import { useSyncExternalStore } from 'react';
import type { SessionState, SignedInUser } from '../../../contract/channels/session.ts';
import type { BridgeError } from '../../../contract/channels/channel.ts';
import { host, watch, type Watched } from '../../host/index.ts';

let watched: Watched<SessionState> | undefined;

/** The one session of this window, as main tells it. */
export function session(): Watched<SessionState> {
  watched ??= watch(host(), 'session.state', 'session.changed');
  return watched;
}

export function useSession(): {
  readonly state: SessionState | undefined;
  readonly error: BridgeError | undefined;
} {
  const store = session();
  const state = useSyncExternalStore(store.subscribe, store.current);
  return { state, error: store.error() };
}

/** The person at work. Only for what shows while unlocked. */
export function useSignedInUser(): SignedInUser {
  const { state } = useSession();
  if (!state?.user) throw new Error('nobody is signed in');
  return state.user;
}

type SessionCall =
  'session.sign-in' | 'session.cancel-sign-in' | 'session.lock' | 'session.sign-out' | 'session.another-user';

let signInError: BridgeError | null = null;
const signInListeners = new Set<() => void>();

function setSignInError(error: BridgeError | null): void {
  signInError = error;
  for (const listener of signInListeners) listener();
}

/** Why the last sign-in failed: kept outside the pages, because the page that asked is gone when the answer comes. */
export function useSignInError(): BridgeError | null {
  return useSyncExternalStore(
    (listener) => {
      signInListeners.add(listener);
      return () => signInListeners.delete(listener);
    },
    () => signInError,
  );
}

/** Asks main and takes its answer over at once. Answers the error to show, if any. */
export async function askSession(name: SessionCall): Promise<BridgeError | null> {
  setSignInError(null);
  const answer = session().accept(await host().call(name));
  const error = answer.ok ? null : answer.error;
  if (name === 'session.sign-in') setSignInError(error);
  return error;
}
