import type { RecordReader, RecordTransaction } from '../store/record-store.ts';

/** Positions up to this one are in the service's last backup; null where none of this history was made. */
export async function durableThrough(reader: RecordReader, epoch: string): Promise<number | null> {
  const row = await reader.database
    .selectFrom('backup_watermark')
    .select('position')
    .where('organisation', '=', reader.organisation)
    .where('epoch', '=', epoch)
    .executeTakeFirst();
  return row?.position ?? null;
}

/** Written by the backup job after a backup that was begun when the feed stood at `position` is safe. */
export async function recordBackup(
  transaction: RecordTransaction,
  epoch: string,
  position: number,
  now: Date,
): Promise<void> {
  const { database, organisation } = transaction;
  transaction.audit({
    action: 'execute',
    interaction: 'backup',
    outcome: 'success',
    detail: `position=${position}`,
  });
  const values = { epoch, position, recorded_at: now };
  await database
    .insertInto('backup_watermark')
    .values({ organisation, ...values })
    .onConflict((conflict) => conflict.column('organisation').doUpdateSet(values))
    .execute();
}
