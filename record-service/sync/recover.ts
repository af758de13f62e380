import { type KeyObject } from 'node:crypto';
import type { RecoverAnswer, RecoverRequest, RecoverWorkAnswer } from '../../contract/record-service.ts';
import type { EscrowKeys } from '../identity/escrow-keys.ts';
import type { RecordTransaction } from '../store/record-store.ts';
import { requireDevice } from './devices.ts';
import { frameHeader, rewrap } from './escrow-opening.ts';
import { readPublicKey } from './operation-proof.ts';
import { SyncError } from './service-error.ts';

const FRESH_MS = 5 * 60_000;
/** Recoveries of a kind allowed to one person in an hour. */
const LIMIT = 5;
const HOUR_MS = 3_600_000;
/** Frames of one answer; what is taken in is not offered again, so that a further question has the rest. */
const MOST_FRAMES = 500;

/**
 * Opens the signed-in person's own key backups with the escrow and wraps them to the key that their computer made
 * for the purpose (sync.md, Keys: forgotten passphrase). Audited, limited, from a fresh sign-in only.
 * @throws SyncError 401 `sign-in-again`, 429 `too-many`, 503 `escrow-absent`, 422 `malformed`.
 */
export async function recoverKeys(
  transaction: RecordTransaction,
  escrow: EscrowKeys,
  request: RecoverRequest,
  now: Date,
): Promise<RecoverAnswer> {
  const { recipient, privateKey } = await admit(transaction, escrow, request, 'recover-keys', now);
  const { actor, organisation, database } = transaction;
  const frames = await database
    .selectFrom('escrow_frame')
    .select(['frame_id', 'sealed'])
    .where('organisation', '=', organisation)
    .where('user_id', '=', actor.userId)
    .where('kind', '=', 'key-backup')
    .where('ended', '=', false)
    .orderBy('received_at', 'desc')
    .limit(20)
    .execute();
  transaction.audit({
    action: 'execute',
    interaction: 'recover-keys',
    outcome: 'success',
    detail: `backups=${frames.length}`,
  });
  return { backups: frames.map((frame) => rewrap(frame, privateKey, recipient)) };
}

/**
 * The signed-in person's own unsent work that computers handed over which are revoked now (lost, wiped): operations
 * that the record never had, and of each open draft the last words. Work of a computer in use is not offered: it
 * would be there twice. Nothing is taken from the escrow by this (sync.md: "a lost laptop loses no draft").
 * @throws SyncError as {@link recoverKeys}.
 */
export async function recoverWork(
  transaction: RecordTransaction,
  escrow: EscrowKeys,
  request: RecoverRequest,
  now: Date,
): Promise<RecoverWorkAnswer> {
  const { recipient, privateKey } = await admit(transaction, escrow, request, 'recover-work', now);
  const kept = await lostWork(transaction);
  const frames = kept.flatMap((frame) => {
    try {
      return [rewrap(frame, privateKey, recipient)];
    } catch {
      // It stays in the escrow; the audit counts it, and the others come.
      return [];
    }
  });
  transaction.audit({
    action: 'execute',
    interaction: 'recover-work',
    outcome: 'success',
    detail: `frames=${frames.length} unreadable=${kept.length - frames.length}`,
  });
  return { frames };
}

interface KeptFrame {
  readonly frame_id: string;
  readonly sealed: Uint8Array;
}

async function lostWork({ database, organisation, actor }: RecordTransaction): Promise<readonly KeptFrame[]> {
  const rows = await database
    .selectFrom('escrow_frame')
    .innerJoin('device', (join) =>
      join
        .onRef('device.organisation', '=', 'escrow_frame.organisation')
        .onRef('device.device_id', '=', 'escrow_frame.device_id'),
    )
    .select(['frame_id', 'kind', 'since', 'ended', 'sealed', 'revoked_at'])
    .where('escrow_frame.organisation', '=', organisation)
    .where('user_id', '=', actor.userId)
    .where('kind', 'in', ['operations', 'draft'])
    // By what the service knows itself; a computer's clock tells only among what came in one go.
    .orderBy('received_at')
    .orderBy('since')
    .orderBy('frame_id')
    .execute();
  const known = rows.map((row) => ({ ...row, facts: frameHeader(row.sealed)?.facts ?? {} }));

  const answered = new Set(
    (
      await database
        .selectFrom('sync_ledger')
        .select('op_id')
        .where('organisation', '=', organisation)
        .where('user_id', '=', actor.userId)
        .execute()
    ).map((row) => row.op_id),
  );
  const operations = known.filter(
    ({ kind, revoked_at, facts }) =>
      kind === 'operations' && revoked_at !== null && facts.opIds?.some((opId) => !answered.has(opId)),
  );

  // In the order of receipt: the last one of a draft wins, wherever it was written.
  const lastOfDraft = new Map<string, (typeof known)[number]>();
  const ended = new Set<string>();
  for (const frame of known) {
    if (frame.kind !== 'draft' || frame.facts.draftId === undefined) continue;
    lastOfDraft.set(frame.facts.draftId, frame);
    if (frame.ended) ended.add(frame.facts.draftId);
  }
  const drafts = [...lastOfDraft].flatMap(([draftId, frame]) =>
    ended.has(draftId) || frame.revoked_at === null ? [] : [frame],
  );
  return [...operations, ...drafts].slice(0, MOST_FRAMES);
}

/** Only their own, only from this computer, only freshly signed in, only so often. */
async function admit(
  transaction: RecordTransaction,
  escrow: EscrowKeys,
  request: RecoverRequest,
  interaction: 'recover-keys' | 'recover-work',
  now: Date,
): Promise<{ readonly recipient: KeyObject; readonly privateKey: KeyObject }> {
  const { actor, organisation, database } = transaction;
  await requireDevice(transaction, request.deviceId);
  const authenticated = Date.parse(actor.authenticatedAt ?? '');
  if (!(now.getTime() - authenticated <= FRESH_MS)) {
    throw new SyncError(
      401,
      'sign-in-again',
      'Sign in again now; recovery needs a sign-in of the last five minutes.',
    );
  }
  const recent = await database
    .selectFrom('audit_event')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('organisation', '=', organisation)
    .where('user_id', '=', actor.userId)
    .where('interaction', '=', interaction)
    .where('recorded', '>', new Date(now.getTime() - HOUR_MS))
    .executeTakeFirstOrThrow();
  if (recent.count >= LIMIT) {
    throw new SyncError(429, 'too-many', 'Too many recoveries in an hour. Wait, or ask the practice.');
  }
  const recipient = readPublicKey(request.recipientPublicKey);
  if (recipient === null)
    throw new SyncError(422, 'malformed', 'The recovery key is not a P-256 public key.');
  const privateKey = await escrow.privateKey(organisation);
  if (privateKey === null) {
    throw new SyncError(
      503,
      'escrow-absent',
      'The practice’s escrow key is not on this copy of the service. Nothing is lost; ask the administrator.',
    );
  }
  return { recipient, privateKey };
}
