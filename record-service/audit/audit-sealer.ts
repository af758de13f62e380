import type { OpenStore } from '../store/open-store.ts';
import { sealAudit } from './seal-audit.ts';

export interface AuditSealer {
  /** Seals whatever is committed now, in all organisations. */
  sealNow(): Promise<number>;
  stop(): Promise<void>;
}

/** Seals audit every `interval` milliseconds while the service runs. */
export function startAuditSealer(
  store: OpenStore,
  interval: number,
  onError: (error: unknown) => void,
): AuditSealer {
  let running: Promise<number> = Promise.resolve(0);

  const sealAll = async (): Promise<number> => {
    let sealed = 0;
    for (const organisation of await store.organisations()) {
      for (;;) {
        const batch = await sealAudit(store, organisation);
        sealed += batch;
        if (batch === 0) break;
      }
    }
    return sealed;
  };
  const sealNow = (): Promise<number> => {
    running = running.catch(() => 0).then(sealAll);
    return running;
  };
  const timer = setInterval(() => {
    sealNow().catch(onError);
  }, interval);
  timer.unref();

  return {
    sealNow,
    async stop() {
      clearInterval(timer);
      await running.catch(onError);
    },
  };
}
