import type { ReactNode } from 'react';
import type { SessionState } from '../../../contract/channels/session.ts';
import { assertNever } from '../../../domain/result.ts';
import { Skeleton } from '../../ui/index.ts';
import { ErrorNotice } from './error-notice.tsx';
import { Gate } from './gate.tsx';
import { Locked } from './locked.tsx';
import { SetPassphrase } from './passphrase-form.tsx';
import { useSession } from './session-store.ts';
import { ChooseService, SignedOut, SigningIn } from './sign-in-screens.tsx';

/** Shows the workspace only while unlocked: at lock its whole tree leaves the page, and every clinical word with it. */
export function SessionGate({ children }: { readonly children: ReactNode }) {
  const { state, error } = useSession();
  if (!state) {
    return (
      <Gate title={error ? 'Gladstone could not start' : 'Opening Gladstone'}>
        {error ? <ErrorNotice error={error} /> : <Skeleton label="Opening Gladstone" lines={2} />}
      </Gate>
    );
  }
  return state.phase === 'unlocked' ? children : <Phase state={state} phase={state.phase} />;
}

function Phase({
  state,
  phase,
}: {
  readonly state: SessionState;
  readonly phase: Exclude<SessionState['phase'], 'unlocked'>;
}) {
  switch (phase) {
    case 'choose-service':
      return <ChooseService state={state} />;
    case 'signed-out':
      return <SignedOut state={state} />;
    case 'signing-in':
      return <SigningIn />;
    case 'set-passphrase':
      // Enrolled here before: the bag exists, the escrow opens it and a new passphrase is set.
      return (
        <SetPassphrase
          state={state}
          recover={state.enrolled.some(
            (user) => user.userId === state.user?.userId && user.organisation === state.user.organisation,
          )}
        />
      );
    case 'locked':
      return <Locked state={state} />;
    default:
      return assertNever(phase);
  }
}
