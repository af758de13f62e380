/**
 * What makes an answer one of the record service's. They vouch for everything that the engine branches on; resources
 * and texts pass through as they are (their types are in contract/record-service.ts). Unknown members are let be:
 * a newer service may say more.
 */
import * as v from 'valibot';
import { signedOperationSchema } from '../../../contract/record-service.ts';

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const texts = v.array(v.string());

export const pushAnswerSchema = v.looseObject({
  outcomes: v.array(
    v.looseObject({
      opId: v.string(),
      outcome: v.picklist(['applied', 'merged', 'conflict', 'rejected', 'held', 'skipped']),
    }),
  ),
  position: v.optional(count),
  epoch: v.string(),
  durable: v.boolean(),
  findings: v.array(
    v.looseObject({ code: v.string(), text: v.string(), taskId: v.string(), resources: texts }),
  ),
  softConflicts: texts,
});

export const laneHandshakeAnswerSchema = v.looseObject({
  epoch: v.string(),
  lanes: v.array(v.looseObject({ lane: v.string(), expectedLaneSeq: count, lacking: texts })),
});

const directoryEntries = v.array(v.looseObject({ id: v.string() }));

export const changesPageSchema = v.looseObject({
  epoch: v.string(),
  entries: v.array(
    v.variant('kind', [
      v.looseObject({
        kind: v.literal('upsert'),
        position: count,
        resource: v.string(),
        key: v.string(),
        version: count,
      }),
      v.looseObject({ kind: v.literal('tombstone'), position: count, key: v.string(), version: count }),
      v.looseObject({ kind: v.literal('scope-enter'), position: count, patientId: v.string() }),
      v.looseObject({ kind: v.literal('scope-exit'), position: count, patientId: v.string() }),
    ]),
  ),
  next: count,
  head: count,
  durableThrough: v.nullable(count),
  directory: directoryEntries,
});

export const directoryAnswerSchema = v.looseObject({
  epoch: v.string(),
  position: count,
  organisation: v.looseObject({ id: v.string(), name: v.string() }),
  entries: directoryEntries,
  booked: v.array(v.looseObject({ patientId: v.string(), start: v.string() })),
  shared: texts,
});

export const manifestAnswerSchema = v.looseObject({
  epoch: v.string(),
  position: count,
  patients: v.array(v.looseObject({ patientId: v.string(), resources: count, digest: v.string() })),
});

export const escrowReceiptSchema = v.looseObject({ received: texts, durable: v.boolean() });

const rewrappedFrames = v.array(
  v.looseObject({ frameId: v.string(), ephemeralPublicKey: v.string(), sealed: v.string() }),
);
export const recoverAnswerSchema = v.looseObject({ backups: rewrappedFrames });
export const recoverWorkAnswerSchema = v.looseObject({ frames: rewrappedFrames });

export const acceptedSchema = v.looseObject({ accepted: count });

export const conflictListSchema = v.looseObject({
  conflicts: v.array(
    v.looseObject({
      conflictId: v.string(),
      patientId: v.nullable(v.string()),
      key: v.string(),
      rule: v.string(),
      raisedAt: v.string(),
      losing: signedOperationSchema,
      baseVersion: v.nullable(v.number()),
      currentVersion: v.nullable(v.number()),
      current: v.nullable(v.string()),
      base: v.optional(v.string()),
    }),
  ),
  open: v.array(v.string()),
});
