import type { RecordReader } from '../store/record-store.ts';
import { SyncError } from './service-error.ts';

/**
 * Nothing where the device was ever enrolled here, revoked or not.
 * @param words for who asked, where it was not
 * @throws SyncError 404 `device-unknown`
 */
export async function refuseUnknownDevice(
  { database, organisation }: Pick<RecordReader, 'database' | 'organisation'>,
  deviceId: string,
  words: string,
): Promise<void> {
  const known = await database
    .selectFrom('device')
    .select('device_id')
    .where('organisation', '=', organisation)
    .where('device_id', '=', deviceId)
    .executeTakeFirst();
  if (known === undefined) throw new SyncError(404, 'device-unknown', words);
}
