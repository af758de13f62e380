import * as v from 'valibot';
import { channel, instant, jsonText, nothing, uuid } from './channel.ts';

const count = v.pipe(v.number(), v.integer(), v.minValue(0));

/** What a clinician is told. `inStep` is I15: nothing pending, feed at head, and younger than the limit. */
export const syncStatusSchema = v.object({
  connection: v.picklist(['connecting', 'connected', 'offline', 'sign-in-needed', 'upgrade-needed']),
  /** Why offline, in words: no network, no answer, something else answered (a captive portal) … */
  connectionDetail: v.optional(v.string()),
  offlineSince: v.optional(instant),
  /** When the last authenticated answer came that left this computer at the feed's head. */
  lastInStep: v.optional(instant),
  inStep: v.boolean(),
  /** The data on screen is as of this time. */
  dataAsOf: v.optional(instant),
  pending: v.object({
    groups: count,
    operations: count,
    oldestRecordedAt: v.optional(instant),
    byPatient: v.array(
      v.object({ patientId: v.nullable(v.string()), operations: count, oldestRecordedAt: instant }),
    ),
  }),
  attention: count,
  /** While packs are still arriving. */
  firstLoad: v.optional(
    v.object({
      patientsDone: count,
      patientsTotal: count,
      bytesDone: count,
      bytesTotal: count,
      secondsLeft: v.optional(v.number()),
      paused: v.boolean(),
    }),
  ),
  sending: v.boolean(),
  /** False when the service keeps no durable copy (demonstration service). */
  serviceDurable: v.boolean(),
  /** The clock of this computer differs from the service's by more than two minutes. */
  clockOffsetSeconds: v.optional(v.number()),
  /** Something a person should know that is not about one item: set-aside journal bytes, full disk, rebuilt cache. */
  notices: v.array(v.object({ code: v.string(), message: v.string(), since: instant })),
});
export type SyncStatus = v.InferOutput<typeof syncStatusSchema>;

const attentionChoice = v.picklist([
  'keep-mine',
  'keep-theirs',
  'keep-both',
  'restore',
  'skip',
  'retry',
  'acknowledge',
  /** A refused save that nobody will send: with a reason, kept with who and when. */
  'will-not-send',
]);

/** One thing that waits for a person. */
export const attentionItemSchema = v.object({
  itemId: v.string(),
  kind: v.picklist([
    'conflict',
    'rejected',
    'forbidden',
    'stuck',
    'safety-finding',
    'soft-conflict',
    'patient-merged',
  ]),
  patientId: v.nullable(v.string()),
  raisedAt: instant,
  /** A clinical sentence. */
  sentence: v.string(),
  /** The rule that decided it, in words. */
  rule: v.string(),
  resource: v.optional(v.string()),
  mine: v.optional(v.object({ author: v.string(), recordedAt: instant, resource: jsonText })),
  theirs: v.optional(
    v.object({
      author: v.string(),
      /** Of whoever wrote the version that stands, where the service says so. */
      role: v.optional(v.string()),
      organisation: v.optional(v.string()),
      recordedAt: v.optional(instant),
      resource: v.nullable(jsonText),
    }),
  ),
  differences: v.array(
    v.object({ path: v.string(), mine: v.nullable(jsonText), theirs: v.nullable(jsonText) }),
  ),
  choices: v.array(attentionChoice),
  /** What was refused, whole, so that its author can correct it and send it again. */
  refused: v.optional(
    v.object({
      groupId: uuid,
      authorUserId: v.string(),
      operations: v.array(
        v.object({
          kind: v.picklist(['create', 'amend', 'append', 'void', 'correct']),
          resource: v.string(),
          after: jsonText,
          baseVersion: v.optional(count),
          reason: v.optional(v.string()),
        }),
      ),
      /** When the corrected version was saved; it waits to be sent. */
      correctedAt: v.optional(instant),
    }),
  ),
  /** Set while a choice can still be taken back. */
  chosen: v.optional(v.object({ choice: v.string(), at: instant, groupId: v.optional(uuid) })),
});
export type AttentionItem = v.InferOutput<typeof attentionItemSchema>;

export const syncChannels = {
  'sync.status': channel(nothing, syncStatusSchema),
  /** Probes, sends and fetches now; answers when that round is over, truthfully. */
  'sync.now': channel(nothing, syncStatusSchema),
  'sync.pause-loading': channel(v.object({ paused: v.boolean() }), syncStatusSchema),
  'sync.attention': channel(nothing, v.array(attentionItemSchema)),
  'sync.resolve': channel(
    v.object({
      itemId: v.string(),
      choice: attentionChoice,
      reason: v.optional(v.pipe(v.string(), v.maxLength(2_000))),
    }),
    v.array(attentionItemSchema),
  ),
  'sync.undo-resolve': channel(v.object({ itemId: v.string() }), v.array(attentionItemSchema)),
  /** Asks where, writes every unsent operation and draft as one sealed file; the work also stays here. */
  'sync.export': channel(
    nothing,
    v.nullable(v.object({ fileName: v.string(), operations: count, drafts: count })),
  ),
  'sync.import': channel(
    nothing,
    v.nullable(v.object({ operations: count, drafts: count, alreadyHere: count })),
  ),
};

export const syncEvents = {
  'sync.changed': syncStatusSchema,
  'sync.attention-changed': v.array(attentionItemSchema),
};
