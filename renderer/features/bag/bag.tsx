import { createContext, use, useEffect, useState, type ReactNode } from 'react';
import { cachePortMessage } from '../../../contract/ipc.ts';
import type { BridgeError } from '../../../contract/channels/channel.ts';
import { connectCache, type CacheClient } from '../../cache/index.ts';
import { host } from '../../host/index.ts';

const BagContext = createContext<CacheClient | null>(null);

/** The records on this computer, as long as the bag is unlocked. */
export function useBag(): CacheClient {
  const bag = use(BagContext);
  if (!bag) throw new Error('no BagProvider above');
  return bag;
}

/** Connects the cache worker when the workspace appears and ends it, with all that it holds, when it leaves. */
export function BagProvider({
  opening,
  failed,
  children,
}: {
  readonly opening: ReactNode;
  readonly failed: (error: BridgeError) => ReactNode;
  readonly children: ReactNode;
}) {
  const [bag, setBag] = useState<CacheClient | null>(null);
  const [error, setError] = useState<BridgeError | null>(null);
  useEffect(() => {
    let client: CacheClient | null = null;
    const onMessage = (event: MessageEvent<unknown>) => {
      const [port] = event.ports;
      if (event.source !== window || event.data !== cachePortMessage || !port) return;
      // Main may send a new port after the worker's store was begun anew: the newest one holds.
      client?.end();
      client = connectCache(port);
      setBag(client);
    };
    window.addEventListener('message', onMessage);
    void host()
      .call('cache.connect')
      .then((answer) => {
        if (!answer.ok) setError(answer.error);
      });
    return () => {
      window.removeEventListener('message', onMessage);
      client?.end();
    };
  }, []);
  if (error) return failed(error);
  return bag ? <BagContext value={bag}>{children}</BagContext> : opening;
}
