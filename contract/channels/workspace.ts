import * as v from 'valibot';
import { channel, nothing } from './channel.ts';

export const settingsSchema = v.object({
  theme: v.picklist(['system', 'light', 'dark']),
  /** Lines of text in CSS pixels at the base: 14 by default. */
  textSize: v.pipe(v.number(), v.minValue(12), v.maxValue(22)),
  contentProtection: v.boolean(),
  signInWith: v.picklist(['system-browser', 'app-window']),
  tourSeen: v.boolean(),
  inactivityLockMinutes: v.pipe(v.number(), v.minValue(1), v.maxValue(60)),
});
export type Settings = v.InferOutput<typeof settingsSchema>;

export const aboutSchema = v.object({
  version: v.string(),
  electron: v.string(),
  chromium: v.string(),
  flavour: v.picklist(['development', 'test', 'release']),
  /** True on the runtime for closed networks: a release build refuses it. */
  testRuntime: v.boolean(),
});
export type About = v.InferOutput<typeof aboutSchema>;

/** Where the person is, held by main so that a crashed window reopens there. Ids only. */
export const placeSchema = v.object({
  route: v.pipe(v.string(), v.maxLength(400)),
  patientId: v.optional(v.string()),
});
export type Place = v.InferOutput<typeof placeSchema>;

export const workspaceChannels = {
  'about.get': channel(nothing, aboutSchema),
  'settings.get': channel(nothing, settingsSchema),
  'settings.put': channel(v.partial(settingsSchema), settingsSchema),
  'place.put': channel(placeSchema, nothing),
  'place.get': channel(nothing, v.nullable(placeSchema)),
  /** Prints what the window's print style shows: with header and page n of m. Answers false when cancelled. */
  'print.page': channel(v.object({ landscape: v.boolean() }), v.object({ printed: v.boolean() })),
  /** An error that the renderer caught: a code, a component's name, never content. */
  'crash.report': channel(
    v.object({ code: v.pipe(v.string(), v.maxLength(80)), where: v.pipe(v.string(), v.maxLength(200)) }),
    nothing,
  ),
  /** Asks main for the port to the cache; it comes by window message once the session is unlocked. */
  'cache.connect': channel(nothing, nothing),
};

export const workspaceEvents = {
  /** The system goes to sleep or locked its screen, or a menu asked for something by key. */
  'workspace.command': v.object({ command: v.picklist(['palette', 'lock', 'sync-centre', 'help']) }),
};
