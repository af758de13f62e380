import { RouterProvider } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { BagProvider } from '../features/bag/index.ts';
import { PracticeProvider } from '../features/practice/index.ts';
import { ErrorNotice, LockWarning } from '../features/session/index.ts';
import { host } from '../host/index.ts';
import { Skeleton, ToasterProvider } from '../ui/index.ts';
import { CommandProvider } from '../ui/commands/index.ts';
import { workspaceRouter } from './routes.tsx';

/** What is there only while unlocked. */
export function Unlocked() {
  return (
    <CommandProvider>
      <ToasterProvider>
        <BagProvider
          opening={<Skeleton label="Opening the bag" lines={6} />}
          failed={(error) => <ErrorNotice error={error} />}
        >
          <PracticeProvider>
            <PlacedRouter />
          </PracticeProvider>
        </BagProvider>
        <LockWarning />
      </ToasterProvider>
    </CommandProvider>
  );
}

/** The same user comes back to the same place; main keeps it, by ids only. */
function PlacedRouter() {
  const [router, setRouter] = useState<ReturnType<typeof workspaceRouter> | null>(null);
  useEffect(() => {
    let ended = false;
    let unsubscribe: (() => void) | undefined;
    void host()
      .call('place.get')
      .then((place) => {
        if (ended) return;
        const made = workspaceRouter(place.ok && place.value ? place.value.route : '/');
        unsubscribe = made.subscribe('onResolved', ({ toLocation }) => {
          const patientId = /^\/record\/([A-Za-z0-9.-]+)/.exec(toLocation.pathname)?.[1];
          void host().call('place.put', {
            route: toLocation.href,
            ...(patientId === undefined ? {} : { patientId }),
          });
        });
        setRouter(made);
      });
    return () => {
      ended = true;
      unsubscribe?.();
    };
  }, []);
  return router ? <RouterProvider router={router} /> : <Skeleton label="Opening the workspace" lines={6} />;
}
