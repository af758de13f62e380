import { lazy, Suspense, useEffect } from 'react';
import { SessionGate } from '../features/session/index.ts';
import { Appearance } from '../features/settings/index.ts';
import { Skeleton } from '../ui/index.ts';
import { ErrorBoundary } from './error-boundary.tsx';

/** Four fifths of the script, and none of it is on the page that opens first: fetched once that page is painted. */
const workspace = () => import('./unlocked.tsx');
const Unlocked = lazy(async () => ({ default: (await workspace()).Unlocked }));

export function App() {
  useEffect(() => {
    const idle = requestIdleCallback(() => void workspace());
    return () => {
      cancelIdleCallback(idle);
    };
  }, []);
  return (
    <ErrorBoundary where="window">
      <Appearance />
      <SessionGate>
        <Suspense fallback={<Skeleton label="Opening the workspace" lines={6} />}>
          <Unlocked />
        </Suspense>
      </SessionGate>
    </ErrorBoundary>
  );
}
