import type { SyncStatus } from '../../../contract/channels/sync.ts';
import { displayDateTime, displayTime } from '../../../domain/clinical/date-display.ts';
import type { Tone } from '../../ui/index.ts';

/** What the quiet indicator says: a shape, a tone and a few words. Never "in step" unless main says so (I15). */
export interface StatusWords {
  readonly mark: string;
  readonly tone: Tone;
  readonly words: string;
  /** The whole sentence for screen readers and the sync centre. */
  readonly sentence: string;
}

export function statusWords(status: SyncStatus, now: string): StatusWords {
  const waiting = status.pending.operations;
  const waits = waiting === 0 ? '' : `${waiting} waiting`;
  switch (status.connection) {
    case 'offline': {
      const since = status.offlineSince ? ` since ${timeWords(status.offlineSince, now)}` : '';
      return {
        mark: '◆',
        tone: 'amber',
        words: join(`Offline${since}`, waits),
        sentence: `${join(`Offline${since}`, waits)}. ${status.connectionDetail ?? 'What you save is kept on this computer.'}`,
      };
    }
    case 'sign-in-needed':
      return {
        mark: '◆',
        tone: 'amber',
        words: join('Sign in to send', waits),
        sentence: join(
          'Your online sign-in has ended. Work goes on here; sending waits until you sign in',
          waits,
        ),
      };
    case 'upgrade-needed':
      return {
        mark: '⚠',
        tone: 'danger',
        words: join('Update needed', waits),
        sentence: join(
          'The record service needs a newer Gladstone. Everything is kept here until then',
          waits,
        ),
      };
    case 'connecting':
      return {
        mark: '○',
        tone: 'information',
        words: join('Connecting', waits),
        sentence: join('Connecting to the record service', waits),
      };
    case 'connected': {
      if (status.inStep) {
        const at = status.lastInStep ? ` ${timeWords(status.lastInStep, now)}` : '';
        return {
          mark: '●',
          tone: 'good',
          words: `In step${at}`,
          sentence: `In step with the record service${at}: nothing waits.`,
        };
      }
      const doing = status.sending ? 'Sending' : 'Catching up';
      return {
        mark: '◐',
        tone: 'information',
        words: join(doing, waits),
        sentence: join(`Connected. ${doing}`, waits),
      };
    }
  }
}

/** `10:42` today, else with its date. */
export function timeWords(instant: string, now: string): string {
  return instant.slice(0, 10) === now.slice(0, 10)
    ? (displayTime(instant) ?? instant)
    : displayDateTime(instant);
}

/** `3 min`, `2 h 5 min`, `4 days`: how long something has waited. */
export function ageWords(since: string, now: string): string {
  const minutes = Math.max(0, Math.floor((Date.parse(now) - Date.parse(since)) / 60_000));
  if (minutes < 60) return `${minutes} min`;
  if (minutes < 2_880) return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
  return `${Math.floor(minutes / 1_440)} days`;
}

/** @param offsetSeconds the service's clock minus this computer's */
export function clockWords(offsetSeconds: number): string {
  const minutes = Math.max(1, Math.round(Math.abs(offsetSeconds) / 60));
  const [count, unit] =
    minutes < 120
      ? [minutes, 'minute']
      : minutes < 2_880
        ? [Math.round(minutes / 60), 'hour']
        : [Math.round(minutes / 1_440), 'day'];
  const long = `${count} ${unit}${count === 1 ? '' : 's'}`;
  return `This computer’s clock is ${long} ${offsetSeconds < 0 ? 'ahead of' : 'behind'} the record service’s.`;
}

/** What the title bar points at besides conflicts: each is a sentence in the sync centre. */
export function noticeCount(status: SyncStatus): number {
  return status.notices.length + (status.clockOffsetSeconds === undefined ? 0 : 1);
}

function join(...parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join(' · ');
}
