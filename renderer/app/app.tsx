import { SessionGate } from '../features/session/index.ts';
import { Appearance } from '../features/settings/index.ts';
import { ErrorBoundary } from './error-boundary.tsx';
import { Unlocked } from './unlocked.tsx';

export function App() {
  return (
    <ErrorBoundary where="window">
      <Appearance />
      <SessionGate>
        <Unlocked />
      </SessionGate>
    </ErrorBoundary>
  );
}
