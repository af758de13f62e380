import { failure, success } from '../../../domain/result.ts';
import type { Looked } from '../../../contract/channels/record.ts';
import type { BridgeError } from '../../../contract/channels/channel.ts';
import type { Result } from '../../../domain/result.ts';
import type { JournalNote } from '../journal/journal-entry.ts';
import type { SyncJournal } from '../sync/ports.ts';

/** Note in the journal, sealed with it: user and patient → how far the record reached that they saw, and when. */
const lookedTopic = 'looked-at';
/** After this nobody is told any more what came into a record that they had seen. */
const keptMs = 14 * 24 * 60 * 60_000;

type Journal = Pick<SyncJournal, 'notes' | 'putNotes'>;
interface Value {
  readonly at: string;
  readonly upTo: string | null;
}

/** The patients whom this person saw within 14 days, each with how far they read. The clock only says when to forget. */
export function lookedAt(journal: Journal, userId: string, wallMs: number): Looked[] {
  return [...journal.notes(lookedTopic)].flatMap(([key, value]) => {
    const { at, upTo } = value as Value;
    const [whose, patientId = ''] = key.split('|');
    return whose === userId && !isOld(at, wallMs) ? [{ patientId, at, upTo }] : [];
  });
}

/** They looked at it, or have read what arrived. What is too old goes with it. */
export async function noteLooked(
  journal: Journal,
  userId: string,
  { patientId, upTo }: Pick<Looked, 'patientId' | 'upTo'>,
  wallMs: number,
): Promise<Result<Looked[], BridgeError>> {
  const old = [...journal.notes(lookedTopic)].flatMap(([key, value]): JournalNote[] =>
    isOld((value as Value).at, wallMs) ? [{ topic: lookedTopic, key, value: null }] : [],
  );
  const at = new Date(wallMs).toISOString();
  const kept = await journal.putNotes([
    ...old,
    { topic: lookedTopic, key: `${userId}|${patientId}`, value: { at, upTo } satisfies Value },
  ]);
  return kept.ok
    ? success(lookedAt(journal, userId, wallMs))
    : failure({ code: kept.error.code, message: kept.error.message, lost: 'not-saved' });
}

function isOld(at: string, wallMs: number): boolean {
  return wallMs - Date.parse(at) > keptMs;
}
