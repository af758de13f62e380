import { systemActor } from '../identity/actor.ts';
import type { RecordStore } from '../store/record-store.ts';
import { updateScope } from './scope.ts';

export interface ScopeJobOptions {
  readonly store: RecordStore;
  readonly bookedDays: number;
  /** Milliseconds between two runs. */
  readonly interval: number;
  readonly now: () => Date;
  readonly onError: (error: unknown) => void;
}

/** Keeps the feed's word on who is in scope in step with the clock while the service runs. */
export function startScopeJob(options: ScopeJobOptions): { stop(): Promise<void> } {
  const { store, bookedDays, interval, now, onError } = options;
  const runAll = async (): Promise<void> => {
    for (const organisation of await store.organisations()) {
      await store.withTransaction({ organisation, actor: systemActor(organisation) }, (transaction) =>
        updateScope(transaction, now(), bookedDays),
      );
    }
  };
  let running: Promise<void> | undefined;
  const run = (): void => {
    running ??= runAll()
      .catch(onError)
      .finally(() => {
        running = undefined;
      });
  };
  run();
  const timer = setInterval(run, interval);
  timer.unref();
  return {
    async stop() {
      clearInterval(timer);
      await running;
    },
  };
}
