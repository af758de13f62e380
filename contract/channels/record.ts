import * as v from 'valibot';
import { channel, instant, jsonText, nothing, uuid } from './channel.ts';

const resourceKey = v.pipe(v.string(), v.regex(/^[A-Z][A-Za-z]+\/[A-Za-z0-9.-]{1,64}$/));

/** One change that the author signs for. Main makes the operation (ids, sequence, base, diff, signature) of it. */
export const resourceChangeSchema = v.object({
  kind: v.picklist(['create', 'amend', 'append', 'void', 'correct']),
  resource: resourceKey,
  /** The service version that stood on the screen; absent for create and append, or when only unsent work stood there. */
  baseVersion: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1))),
  /** The resource as it stood on the screen: the diff is made against it. */
  before: v.optional(jsonText),
  after: jsonText,
  reason: v.optional(v.pipe(v.string(), v.maxLength(2_000))),
});
export type ResourceChange = v.InferOutput<typeof resourceChangeSchema>;

/**
 * One clinical save. `bannerPatientId` is what the banner showed when the person pressed the button, taken from
 * the banner itself, and must equal `patientId` and every resource's subject (I14).
 */
export const saveRequestSchema = v.object({
  /** Made by the screen once per save, so that a second press is the same save (sync-bugs D1). */
  groupId: uuid,
  patientId: v.optional(v.string()),
  bannerPatientId: v.optional(v.string()),
  encounterId: v.optional(v.string()),
  changes: v.pipe(v.array(resourceChangeSchema), v.minLength(1), v.maxLength(300)),
  /** The draft that this save signs; it ends with the save, in the same journal frame. */
  draftId: v.optional(uuid),
  /** The refused save (its `groupId`) that this one says anew, corrected. A draft of `draft.correct` knows it itself. */
  replaces: v.optional(uuid),
});
export type SaveRequest = v.InferOutput<typeof saveRequestSchema>;

/** Given only after the journal's fsync returned (I1). */
export const saveAnswerSchema = v.object({
  groupId: uuid,
  savedAt: instant,
  operations: v.array(v.object({ opId: uuid, resource: resourceKey })),
  /** True where this groupId had been saved before; nothing was written twice. */
  repeated: v.boolean(),
});
export type SaveAnswer = v.InferOutput<typeof saveAnswerSchema>;

export const draftSchema = v.object({
  draftId: uuid,
  kind: v.picklist([
    'consultation',
    'observations',
    'allergy',
    'problem',
    'medication',
    'task',
    'registration',
    'other',
  ]),
  patientId: v.optional(v.string()),
  startedAt: instant,
  changedAt: instant,
  content: jsonText,
});
export type Draft = v.InferOutput<typeof draftSchema>;

/** How far the record of a patient reached that the signed-in person has seen: an instant of the service. */
const lookedSchema = v.object({ patientId: v.string(), at: instant, upTo: v.nullable(instant) });
export type Looked = v.InferOutput<typeof lookedSchema>;

export const recordChannels = {
  'record.save': channel(saveRequestSchema, saveAnswerSchema),
  /** Takes an unsent group of one's own back before it is sent, within 15 minutes: written as signed `void`s. */
  'record.undo': channel(v.object({ groupId: uuid }), saveAnswerSchema),
  /** Durable when answered; the screen sends it within 2 s of a keystroke. The latest wins. */
  'draft.put': channel(draftSchema, v.object({ durableAt: instant })),
  /** The signed-in user's own drafts in this organisation. */
  'draft.list': channel(nothing, v.array(draftSchema)),
  /** Ends a draft by its author's explicit choice; it stays retrievable in the journal for 30 days. */
  'draft.discard': channel(v.object({ draftId: uuid }), nothing),
  /**
   * Opens the words of a refused save as a new draft, which knows what it corrects; null where its draft is not here any
   * more, or there never was one. Twice answers the draft that is open.
   */
  'draft.correct': channel(v.object({ groupId: uuid }), v.nullable(draftSchema)),
  /** One's own save that made this entry: all that it wrote, and its draft as it was signed; null where neither is here. */
  'record.save-of': channel(
    v.object({ resource: resourceKey }),
    v.nullable(v.object({ resources: v.array(resourceKey), draft: v.nullable(draftSchema) })),
  ),
  /**
   * Words that were signed in the wrong record, as a draft of the right one. `from` is the save that marks them as
   * entered in error there: the draft knows it, and so does the save that signs it.
   */
  'draft.move': channel(v.object({ draft: draftSchema, from: uuid }), v.object({ durableAt: instant })),
  /** Opens a discarded draft again; of a signed one only its content is answered. */
  'draft.restore': channel(v.object({ draftId: uuid }), v.nullable(draftSchema)),
  /** The patients whom the signed-in person has seen within 14 days, for what arrived since (hazard H-022). */
  'looked.list': channel(nothing, v.array(lookedSchema)),
  /** They have seen the record up to here. */
  'looked.put': channel(
    v.object({ patientId: v.string(), upTo: v.nullable(instant) }),
    v.array(lookedSchema),
  ),
  /** Every view, search and print of patient data is audited, also offline. */
  'audit.record': channel(
    v.object({
      action: v.picklist(['read', 'print', 'search', 'export']),
      patientId: v.optional(v.string()),
      detail: v.optional(v.pipe(v.string(), v.maxLength(200))),
    }),
    nothing,
  ),
};
