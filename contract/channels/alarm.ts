import * as v from 'valibot';
import { channel, instant, nothing, uuid } from './channel.ts';

/**
 * Something urgent that was saved on this computer and that the service does not have: it has reached nobody
 * ("NOT SENT: phone <number>", clinical.md, Hazards of carrying a record).
 *
 * Main keeps these: they are worked out from the journal each time, so they are there again after a restart and an
 * unlock, whoever unlocks, and end by themselves when the service answers that it has the work. A screen only shows
 * them; it raises none of its own.
 */
export const unsentAlarmSchema = v.object({
  /** The save. One save gives one alarm, with its gravest matter as `kind`. */
  groupId: uuid,
  patientId: v.nullable(v.string()),
  kind: v.picklist(['early-warning-score', 'urgent-task', 'urgent-request']),
  /** No name and no free text: `NEWS2 8: emergency`, `Urgent task`. Several matters of one save are joined by `; `. */
  what: v.string(),
  /** Who saved it. */
  author: v.string(),
  /** This computer's clock with its offset when it was saved: for people. */
  recordedAt: instant,
  /** `waiting`: not sent yet. `refused`: the service or the practice refused it; it waits for a person. */
  state: v.picklist(['waiting', 'refused']),
  /** Somebody has phoned: it alarms no more, and stands here until the service has it, or until that is taken back. */
  phoned: v.optional(
    v.object({
      /** Who phoned. */
      by: v.string(),
      /** Whom they spoke to, in their own words. */
      spokenTo: v.string(),
      at: instant,
    }),
  ),
});
export type UnsentAlarm = v.InferOutput<typeof unsentAlarmSchema>;

const unsentAlarms = v.array(unsentAlarmSchema);

export const alarmChannels = {
  /** Every alarm, oldest first, those that somebody phoned about among them; none while the bag is locked. */
  'alarm.list': channel(nothing, unsentAlarms),
  /**
   * "I have phoned": kept in the journal with who, whom and when, so that it holds after a restart. The work goes on
   * waiting to be sent; if the service refuses it, it alarms anew.
   */
  'alarm.acknowledge': channel(
    v.object({ groupId: uuid, spokenTo: v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(500)) }),
    unsentAlarms,
  ),
  /** That was a mistake: the alarm comes back. Who took it back is kept as well. */
  'alarm.revoke': channel(v.object({ groupId: uuid }), unsentAlarms),
};

export const alarmEvents = {
  /**
   * The whole list: at unlock, and whenever it changed. While connected a save is given some seconds to be sent
   * before it alarms, so that an alarm means what it says; offline it comes at once.
   */
  'alarm.changed': unsentAlarms,
};
