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
});
export type UnsentAlarm = v.InferOutput<typeof unsentAlarmSchema>;

const unsentAlarms = v.array(unsentAlarmSchema);

export const alarmChannels = {
  /** Every alarm that nobody has acknowledged, oldest first; none while the bag is locked. */
  'alarm.list': channel(nothing, unsentAlarms),
  /**
   * "I have phoned": kept in the journal with who and when, so that it holds after a restart; answers what is left.
   * The work goes on waiting to be sent.
   */
  'alarm.acknowledge': channel(v.object({ groupId: uuid }), unsentAlarms),
};

export const alarmEvents = {
  /**
   * The whole list: at unlock, and whenever it changed. While connected a save is given some seconds to be sent
   * before it alarms, so that an alarm means what it says; offline it comes at once.
   */
  'alarm.changed': unsentAlarms,
};
