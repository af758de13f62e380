import * as v from 'valibot';
import { channel, jsonText, nothing } from './channel.ts';

/** Characters; a template is a few thousand. */
const LARGEST_TEMPLATE = 1_000_000;

/** Templates leave and come as files that a person chooses; null where the person chose none. */
export const practiceChannels = {
  'template.export': channel(
    v.object({ label: v.pipe(v.string(), v.maxLength(200)), text: jsonText }),
    v.nullable(v.object({ fileName: v.string() })),
  ),
  /** The file's text as it is: whether it is a template is for the screen to say. */
  'template.import': channel(
    nothing,
    v.nullable(v.object({ fileName: v.string(), text: v.pipe(v.string(), v.maxLength(LARGEST_TEMPLATE)) })),
  ),
};
