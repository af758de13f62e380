import * as v from 'valibot';
import { roles } from '../../domain/sync/operation.ts';
import { bridgeErrorSchema, channel, instant, nothing } from './channel.ts';

const secret = v.pipe(v.string(), v.minLength(1), v.maxLength(1_024));

export const signedInUserSchema = v.object({
  userId: v.string(),
  practitionerId: v.string(),
  name: v.string(),
  role: v.picklist(roles),
  organisation: v.string(),
  organisationName: v.string(),
});
export type SignedInUser = v.InferOutput<typeof signedInUserSchema>;

/** A person who can unlock a bag on this computer, in one role for one organisation. */
export const enrolledUserSchema = v.object({
  ...signedInUserSchema.entries,
  /** True while a short PIN or the system's keystore can unlock; else the passphrase is asked. */
  warmUnlock: v.boolean(),
  /** A count only; never whose record. */
  unsentOperations: v.number(),
  openDrafts: v.number(),
});
export type EnrolledUser = v.InferOutput<typeof enrolledUserSchema>;

/**
 * - `choose-service`: no record service is configured.
 * - `signed-out`: nobody is enrolled, or a person asked to sign in online.
 * - `signing-in`: the system browser or the sign-in window is open.
 * - `set-passphrase`: signed in for the first time here; the bag needs its passphrase.
 * - `locked`: sealed; `enrolled` says who can unlock.
 * - `unlocked`: at work.
 */
export const sessionStateSchema = v.object({
  phase: v.picklist(['choose-service', 'signed-out', 'signing-in', 'set-passphrase', 'locked', 'unlocked']),
  serviceUrl: v.optional(v.string()),
  serviceName: v.optional(v.string()),
  user: v.optional(signedInUserSchema),
  enrolled: v.array(enrolledUserSchema),
  /** Bags on this computer that could not be opened, with the reason: left as they are. */
  unopened: v.optional(v.array(bridgeErrorSchema)),
  /** Until when this bag opens without a new online sign-in; a warning is due at 48, 24 and 4 hours. */
  lease: v.optional(
    v.object({
      until: instant,
      expired: v.boolean(),
      hoursLeft: v.number(),
      /** The nearest of the warnings that is due now; absent while more than 48 hours are left, and once expired. */
      warning: v.optional(v.picklist([48, 24, 4])),
    }),
  ),
  /** True when the online session has ended and sending waits for a sign-in. Work goes on. */
  onlineSignInNeeded: v.boolean(),
  /** `none`: no real keystore; passphrase alone. */
  keystore: v.picklist(['system', 'none']),
  inactivityLockMinutes: v.number(),
});
export type SessionState = v.InferOutput<typeof sessionStateSchema>;

const unlockRequest = v.object({
  userId: v.string(),
  organisation: v.string(),
  secret: v.variant('kind', [
    v.object({ kind: v.literal('passphrase'), passphrase: secret }),
    v.object({ kind: v.literal('pin'), pin: secret }),
  ]),
});
export type UnlockRequest = v.InferOutput<typeof unlockRequest>;

export const sessionChannels = {
  'session.state': channel(nothing, sessionStateSchema),
  /** Sets the record service's address after asking it who it is. Refused while unsent work of another service waits. */
  'session.configure': channel(
    v.object({ serviceUrl: v.pipe(v.string(), v.url(), v.regex(/^https?:\/\//), v.maxLength(300)) }),
    sessionStateSchema,
  ),
  /** Opens the sign-in; answers when it is over (signed in, cancelled or failed). */
  'session.sign-in': channel(nothing, sessionStateSchema),
  'session.cancel-sign-in': channel(nothing, sessionStateSchema),
  /** At least 12 characters; the PIN 4 to 8 digits, optional. */
  'session.set-passphrase': channel(
    v.object({ passphrase: secret, pin: v.optional(secret) }),
    sessionStateSchema,
  ),
  'session.unlock': channel(unlockRequest, sessionStateSchema),
  /** After an online sign-in of the same user, the escrow opens the bag and a new passphrase is set. */
  'session.recover': channel(v.object({ passphrase: secret, pin: v.optional(secret) }), sessionStateSchema),
  'session.lock': channel(nothing, sessionStateSchema),
  /** Drops all keys; drafts and operations stay, sealed, and are counted on the lock screen. */
  'session.sign-out': channel(nothing, sessionStateSchema),
  /** From the lock screen: another person signs in or unlocks; the first one's drafts stay theirs, unseen. */
  'session.another-user': channel(nothing, sessionStateSchema),
  /** A keystroke or a pointer happened: puts off the inactivity lock. */
  'session.activity': channel(nothing, nothing),
};

export const sessionEvents = {
  'session.changed': sessionStateSchema,
  /** The inactivity lock comes in this many seconds; 0 takes the warning back. */
  'session.lock-warning': v.object({ seconds: v.number() }),
};
