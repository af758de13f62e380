/** The cache's public face for the page: React-free. */
import { cacheClientOf, type CacheClient } from './client.ts';

export { CacheError, type CacheClient } from './client.ts';
export type { KeptRound } from './bag-state.ts';
export type {
  AgendaAnswer,
  AgendaLine,
  CarriedRecord,
  CacheNotice,
  OpenedRecord,
  PatientHit,
  Readiness,
  ResourceAsShown,
  TaskLine,
} from './queries.ts';

/** Starts the worker and passes main's port on to it, unread. End the client at lock. */
export function connectCache(mainPort: MessagePort): CacheClient {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), {
    type: 'module',
    name: 'gladstone-cache',
  });
  return cacheClientOf(worker, mainPort);
}
