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

/** Asks main and takes its answer over at once. Answers the error to show, if any. */
export async function askSession(name: SessionCall): Promise<BridgeError | null> {
  const answer = session().accept(await host().call(name));
  return answer.ok ? null : answer.error;
}
