import * as v from 'valibot';

/** A channel of the bridge: what may be asked and what is answered. Both sides refuse what does not fit. */
export interface Channel<Request extends v.GenericSchema, Answer extends v.GenericSchema> {
  readonly request: Request;
  readonly answer: Answer;
}

export function channel<Request extends v.GenericSchema, Answer extends v.GenericSchema>(
  request: Request,
  answer: Answer,
): Channel<Request, Answer> {
  return { request, answer };
}

export const nothing = v.undefined();
export const uuid = v.pipe(v.string(), v.uuid());
/** ISO 8601 instant. */
export const instant = v.pipe(v.string(), v.maxLength(40));
/** A FHIR resource or other JSON as text, so that decimals keep their written form. At most 8 MB. */
export const jsonText = v.pipe(v.string(), v.maxLength(8_000_000));

/** An error that a screen can explain: what happened, whether anything was lost, what to do now. */
export const bridgeErrorSchema = v.object({
  code: v.string(),
  /** A sentence without patient data. */
  message: v.string(),
  /** What became of the user's work. */
  lost: v.picklist(['nothing', 'not-saved', 'unknown']),
  /** What to do now, as a sentence. */
  remedy: v.optional(v.string()),
});
export type BridgeError = v.InferOutput<typeof bridgeErrorSchema>;
