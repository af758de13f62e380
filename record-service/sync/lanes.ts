import type { LaneHandshakeAnswer } from '../../contract/record-service.ts';
import type { RecordReader } from '../store/record-store.ts';
import { knownOperations } from './ledger.ts';

/** After a new epoch: where each lane stands, and which of the operations asked about the ledger lacks (M8). */
export async function compareLanes(
  reader: RecordReader,
  epoch: string,
  lanes: readonly { readonly lane: string; readonly opIds: readonly string[] }[],
): Promise<LaneHandshakeAnswer> {
  const known = await knownOperations(
    reader,
    lanes.flatMap(({ opIds }) => opIds),
  );
  const rows =
    lanes.length === 0
      ? []
      : await reader.database
          .selectFrom('sync_lane')
          .select(['lane', 'next_sequence'])
          .where('organisation', '=', reader.organisation)
          .where(
            'lane',
            'in',
            lanes.map(({ lane }) => lane),
          )
          .execute();
  const next = new Map(rows.map((row) => [row.lane, row.next_sequence]));
  return {
    epoch,
    lanes: lanes.map(({ lane, opIds }) => ({
      lane,
      expectedLaneSeq: next.get(lane) ?? 1,
      lacking: opIds.filter((opId) => !known.has(opId)),
    })),
  };
}
