import { Session } from 'node:inspector/promises';

/**
 * Has the engine look for garbage now, some tenths of a second long. For the end of a first load only: what thousands
 * of records left behind would otherwise lie in memory until chance brings the next look, minutes later.
 */
export async function giveBackMemory(): Promise<void> {
  const session = new Session();
  session.connect();
  try {
    await session.post('HeapProfiler.collectGarbage');
  } finally {
    session.disconnect();
  }
}
