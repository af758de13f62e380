import { failure, success } from '../../../domain/result.ts';
import { readFrameContent } from '../journal/frame-content.ts';
import { makeKeyPair } from '../vault/sealing.ts';
import { allPrivateKeys, openRewrapped } from './key-recovery.ts';
import { transportWords } from './session-words.ts';
import { openWorkFile, readWorkFile } from './work-file.ts';
import type { BridgeError } from '../../../contract/channels/channel.ts';
import type { GroupId } from '../../../domain/identifiers.ts';
import type { Result } from '../../../domain/result.ts';
import type { Lane, Operation, SignedOperation } from '../../../domain/sync/operation.ts';
import type { AuthorSigner, Journal } from '../journal/journal.ts';
import type { JournalEntry } from '../journal/journal-entry.ts';
import type { RecordClient } from '../record-client/record-client.ts';

export interface ImportReport {
  readonly operations: number;
  readonly drafts: number;
  readonly alreadyHere: number;
}

/** Where work is taken into, and by whom. */
export interface WorkTaker {
  readonly journal: Journal;
  readonly client: RecordClient;
  readonly signer: AuthorSigner;
}

export interface WorkImport extends WorkTaker {
  readonly bytes: Uint8Array;
  readonly organisation: string;
  readonly privateKey: Uint8Array;
}

/**
 * Takes the signed-in person's own work of a file into this journal, under this device and signed anew, with the
 * same opIds. Only what neither this journal nor the service has: importing twice changes nothing. Work of another
 * computer therefore needs the network.
 */
export async function importWork(request: WorkImport): Promise<Result<ImportReport, BridgeError>> {
  const { signer, client } = request;
  const file = readWorkFile(request.bytes);
  if (file === null)
    return failure(words('not-readable', 'This is no whole file of Gladstone. Nothing was changed.'));
  if (file.head.organisation !== request.organisation) {
    return failure(
      words('other-organisation', 'This file belongs to another organisation. Nothing was changed.'),
    );
  }
  const { userId } = signer.author;
  let opened = openWorkFile(file, userId, [request.privateKey]);
  if (opened.stillSealed > 0) {
    const keys = await allPrivateKeys(client, file.head.deviceId, userId);
    if (keys.ok) opened = openWorkFile(file, userId, [request.privateKey, ...keys.value]);
  }
  if (opened.entries.length === 0 && file.frames.length > 0) {
    return failure(
      words(
        'sealed-to-others',
        'Nothing in this file opens with your keys. Nothing was changed.',
        'Sign in online first, or let the person who saved it import it.',
      ),
    );
  }

  return await takeIn(opened.entries, request);
}

/**
 * Takes in what the person's lost or wiped computers had handed over sealed: the escrow opens it after a fresh
 * sign-in. Counts nothing where there is nothing; asked again it changes nothing.
 */
export async function recoverLostWork(taker: WorkTaker): Promise<Result<ImportReport, BridgeError>> {
  const recipient = makeKeyPair();
  const answer = await taker.client.recoverWork(recipient.publicKey);
  if (!answer.ok) return failure({ ...transportWords(answer.error), lost: 'nothing' });
  return await takeIn(openRewrapped(answer.value.frames, recipient.privateKey).map(readFrameContent), taker);
}

async function takeIn(
  entries: readonly JournalEntry[],
  { journal, client, signer }: WorkTaker,
): Promise<Result<ImportReport, BridgeError>> {
  const { userId } = signer.author;
  const saved = entries
    .flatMap((entry) => (entry.entry === 'operations' ? entry.operations : []))
    .filter(({ operation }) => operation.author.userId === userId);
  const unknown = saved.filter(({ operation }) => journal.operation(operation.opId) === undefined);
  const lacking = await lackingAtService(client, unknown);
  if (!lacking.ok) return failure(lacking.error);
  let operations = 0;
  for (const [groupId, group] of byGroup(
    unknown.filter(({ operation }) => lacking.value.has(operation.opId)),
  )) {
    const written = await journal.saveGroup({ groupId, signer, operations: group.map(unnumbered) });
    if (!written.ok) return failure({ ...written.error, lost: 'nothing' });
    operations += group.length;
  }

  let drafts = 0;
  const known = new Set(journal.drafts().map(({ draft }) => draft.draftId));
  for (const entry of entries) {
    if (entry.entry !== 'draft' || known.has(entry.draft.draftId)) continue;
    const kept = await journal.putDraft(entry.draft, userId);
    if (!kept.ok) return failure({ ...kept.error, lost: 'nothing' });
    drafts += 1;
  }
  return success({ operations, drafts, alreadyHere: saved.length - operations });
}

async function lackingAtService(
  client: RecordClient,
  unknown: readonly SignedOperation[],
): Promise<Result<ReadonlySet<string>, BridgeError>> {
  if (unknown.length === 0) return success(new Set());
  const lanes = new Map<Lane, string[]>();
  for (const { operation } of unknown) {
    const opIds = lanes.get(operation.lane) ?? [];
    opIds.push(operation.opId);
    lanes.set(operation.lane, opIds);
  }
  const answer = await client.lanes([...lanes].map(([lane, opIds]) => ({ lane, opIds })));
  if (!answer.ok) return failure({ ...transportWords(answer.error), lost: 'nothing' });
  return success(new Set(answer.value.lanes.flatMap((lane) => lane.lacking)));
}

function byGroup(saved: readonly SignedOperation[]): Map<GroupId, Operation[]> {
  const groups = new Map<GroupId, Operation[]>();
  for (const { operation } of saved) {
    const group = groups.get(operation.groupId) ?? [];
    group.push(operation);
    groups.set(operation.groupId, group);
  }
  return groups;
}

/** Where it had no patient, its lane says what it was about. */
function unnumbered(operation: Operation) {
  const subject = operation.lane.endsWith(':user') ? ('user' as const) : ('org' as const);
  return operation.patientId === undefined ? { ...operation, subject } : operation;
}

function words(code: string, message: string, remedy?: string): BridgeError {
  return { code, message, lost: 'nothing', ...(remedy !== undefined && { remedy }) };
}
