/**
 * Whether the bag is ready to leave with (hazard: a bag believed to be ready that is not). It is ready only when
 * everything that could be wanting is known and none is: what is not known counts as wanting, as with "in step" (I15).
 */
import { displayDateTime, displayDateWithWeekday, displayTime } from '../clinical/date-display.ts';
import { formatCivilDate } from '../fhir/civil-date.ts';
import { localDayOf } from '../fhir/local-time.ts';
import { sortKeyOf } from '../fhir/partial-date.ts';
import type { Connection } from '../sync/status.ts';

/** How a picked patient's record stands on this computer, found by opening it. */
export type CarriedCopy =
  /** Opens, and is what the service last sent. */
  | 'whole'
  /** Registered on this computer: all that there is of it is here. */
  | 'new'
  /** Not looked at yet. */
  | 'checking'
  /** Known by the list of patients alone. */
  | 'to-come'
  /** Opens, and a newer copy is on its way. */
  | 'older'
  | 'unreadable'
  /** Nothing here knows the patient. */
  | 'not-here';

export interface RoundSync {
  readonly connection: Connection;
  readonly inStep: boolean;
  readonly offlineSince: string | null;
  /** Changes saved on this computer that the service does not have. */
  readonly unsent: number;
  /** Records of the practice that are still on their way; `null` while none is. */
  readonly loading: { readonly toCome: number; readonly paused: boolean } | null;
}

/** All that the verdict rests on. `null` wherever it is not known yet. */
export interface RoundFacts {
  readonly now: string;
  /** `YYYY-MM-DD` in England: the day of the round. */
  readonly day: string;
  readonly lease: { readonly until: string; readonly expired: boolean } | null;
  readonly sync: RoundSync | null;
  /** When the data on this computer were last known to be those of the service. */
  readonly dataAsOf: string | null;
  readonly list: {
    /** The practice's list of patients is on this computer. */
    readonly isHere: boolean;
    /** Booked on the day, known by number alone. */
    readonly bookingsToCome: number;
  } | null;
  /** Of the picked patients; `null` while who was picked is not known yet. */
  readonly copies: readonly CarriedCopy[] | null;
  /** Picked, and meanwhile taken off this computer. */
  readonly gone: number;
  /** `YYYY-MM-DD`: the earlier day that the round was put together for; `null` where it is for this one. */
  readonly keptFrom: string | null;
  /** Home visits booked for the day with the person at work, and not picked. */
  readonly visitsLeftOut: number;
  /** Documents of the picked records that cannot be read on the way. */
  readonly unreadableDocuments: number;
  /** Own notes that are begun and not signed. */
  readonly unsignedNotes: number;
  /** What waits for a person's decision. */
  readonly toDecide: number;
}

export interface RoundPoint {
  /** For a headline: `2 records still to come`. */
  readonly brief: string;
  /** What to do about it, or what follows from it. */
  readonly then: string;
}

export interface RoundVerdict {
  readonly state: 'ready' | 'not-ready' | 'nobody';
  /** Begins with the verdict in words. */
  readonly headline: string;
  /** Why it is not ready, the gravest first. */
  readonly wanting: readonly RoundPoint[];
  /** What does not hold anybody back and should be known. */
  readonly cautions: readonly RoundPoint[];
}

/** The lease is spoken of when less than this is left of it. */
const LEASE_SOON_MS = 48 * 3_600_000;
const NAMED_IN_HEADLINE = 2;

export function roundVerdict(facts: RoundFacts): RoundVerdict {
  const wanting = [
    ...wantingRecords(facts),
    ...wantingList(facts),
    ...wantingLease(facts),
    ...wantingSync(facts),
  ];
  const cautions = cautionsOf(facts);
  const picked = facts.copies?.length ?? null;
  if (picked === 0 && facts.gone === 0)
    return { state: 'nobody', headline: 'Nobody is on this round yet', wanting, cautions };
  if (wanting.length > 0 || picked === null) {
    const named = wanting.slice(0, NAMED_IN_HEADLINE).map(({ brief }) => brief);
    const more = wanting.length - named.length;
    const words = [...named, ...(more > 0 ? [`${more} more`] : [])];
    return { state: 'not-ready', headline: `Not ready: ${listed(words)}`, wanting, cautions };
  }
  const whole = picked === 1 ? 'the record is here' : `all ${picked} records are here`;
  const at = displayTime(facts.dataAsOf ?? undefined) ?? '';
  return { state: 'ready', headline: `Ready to leave: ${whole}, in step at ${at}`, wanting, cautions };
}

function wantingRecords({ copies, gone }: RoundFacts): readonly RoundPoint[] {
  if (copies === null) return [point('the list is still being opened', 'It takes a moment.')];
  const of = (copy: CarriedCopy) => copies.filter((one) => one === copy).length;
  return [
    counted(
      of('to-come'),
      'record still to come',
      'records still to come',
      'They come first as long as there is a connection; Alt+F asks for them again.',
    ),
    counted(
      of('unreadable'),
      'record cannot be read',
      'records cannot be read',
      'A fresh copy is asked for; nothing that was saved here is lost.',
    ),
    counted(
      of('older'),
      'record is an older copy',
      'records are older copies',
      'They open as they were; the newer ones are on their way.',
    ),
    counted(
      of('not-here') + gone,
      'patient is not on this computer any more',
      'patients are not on this computer any more',
      'Their records cannot be opened on the round: look them up in the practice’s own system. Alt+N begins a new round.',
    ),
    counted(of('checking'), 'record not checked yet', 'records not checked yet', 'It takes a moment.'),
  ].flat();
}

function wantingList({ list }: RoundFacts): readonly RoundPoint[] {
  if (list === null) return [point('what is on this computer is not known yet', 'It takes a moment.')];
  if (!list.isHere)
    return [
      point(
        'the practice’s list of patients is not here',
        'Who is registered where cannot be looked up until it has come.',
      ),
    ];
  return counted(
    list.bookingsToCome,
    'booking of the day still to come',
    'bookings of the day still to come',
    'Whose they are is known when the records come: some of them may be yours.',
  );
}

/** How the lease bears on a round: it holds, ends soon after it, ends on its day or before, has ended, is not known. */
export type LeaseForRound = 'holds' | 'soon' | 'within' | 'ended' | 'unknown';

export function leaseForRound({ lease, now, day }: Pick<RoundFacts, 'lease' | 'now' | 'day'>): LeaseForRound {
  if (lease === null) return 'unknown';
  const left = sortKeyOf(lease.until) - sortKeyOf(now);
  if (lease.expired || !(left > 0)) return 'ended';
  const lastDay = localDayOf(lease.until);
  if (lastDay === null || formatCivilDate(lastDay) <= day) return 'within';
  return left < LEASE_SOON_MS ? 'soon' : 'holds';
}

function wantingLease(facts: RoundFacts): readonly RoundPoint[] {
  switch (leaseForRound(facts)) {
    case 'unknown':
      return [
        point('how long this bag opens offline is not known', 'Lock and sign in online before you leave.'),
      ];
    case 'ended':
      return [point('this bag does not open offline any more', 'Sign in online before you leave.')];
    case 'within':
      return [
        point(
          `this bag opens offline only until ${displayDateTime(facts.lease?.until)}`,
          'That is before the day of the round is over: sign in online before you leave.',
        ),
      ];
    case 'soon':
    case 'holds':
      return [];
  }
}

function wantingSync({ sync, dataAsOf, now }: RoundFacts): readonly RoundPoint[] {
  if (sync === null) return [point('the connection is not known yet', 'It takes a moment.')];
  const points = [
    ...connectionPoints(sync, now),
    ...counted(
      sync.unsent,
      'change not sent',
      'changes not sent',
      'They are kept on this computer and nobody else sees them until they are sent.',
    ),
  ];
  if (dataAsOf === null)
    points.push(point('the time of the data is not known', 'It is known after the first contact.'));
  // Whatever keeps it out of step: without the word of the service nothing is said to be ready.
  if (points.length === 0 && !sync.inStep)
    points.push(point('still catching up with the record service', 'It takes a moment; Alt+Y asks now.'));
  return points;
}

function connectionPoints(
  { connection, offlineSince, loading }: RoundSync,
  now: string,
): readonly RoundPoint[] {
  switch (connection) {
    case 'connecting':
      return [point('connecting to the record service', 'It takes a moment.')];
    case 'offline':
      return [
        point(
          offlineSince === null ? 'offline' : `offline since ${timeOf(offlineSince, now)}`,
          'What is here can be used as it is; what others wrote since is not here. Alt+Y tries again.',
        ),
      ];
    case 'sign-in-needed':
      return [point('your online sign-in has ended', 'Nothing comes and nothing is sent until you sign in.')];
    case 'upgrade-needed':
      return [point('the record service needs a newer Gladstone', 'Nothing comes until it is installed.')];
    case 'connected':
      return loading === null
        ? []
        : [
            point(
              `${loading.toCome} records of the practice still arriving`,
              loading.paused
                ? 'Loading is paused: F9 goes on with it. A visit added on the way may not be in the bag.'
                : 'A visit added on the way may not be in the bag until they are here.',
            ),
          ];
  }
}

function cautionsOf(facts: RoundFacts): readonly RoundPoint[] {
  const { lease, keptFrom, visitsLeftOut, unreadableDocuments, unsignedNotes, toDecide } = facts;
  const isLater = dayOf(facts.now) < facts.day;
  return [
    isLater
      ? [
          point(
            `the round is on ${displayDateWithWeekday(facts.day)}`,
            'What is said here holds for now: look again before you leave.',
          ),
        ]
      : [],
    leaseForRound(facts) === 'soon'
      ? [
          point(
            `this bag opens offline only until ${displayDateTime(lease?.until)}`,
            'Sign in online before that.',
          ),
        ]
      : [],
    keptFrom === null
      ? []
      : [
          point(
            `this round was put together for ${displayDateWithWeekday(keptFrom)}`,
            'Look through who is on it; Alt+N begins a new one.',
          ),
        ],
    counted(
      visitsLeftOut,
      'home visit booked with you is not on this round',
      'home visits booked with you are not on this round',
      `Booked for ${displayDateWithWeekday(facts.day)}: to be ticked at the left.`,
    ),
    counted(
      unreadableDocuments,
      'document cannot be read on the way',
      'documents cannot be read on the way',
      'Each patient’s line says how many: read them before you leave.',
    ),
    counted(
      unsignedNotes,
      'note of yours is begun and not signed',
      'notes of yours are begun and not signed',
      'They stay on this computer as drafts.',
    ),
    counted(toDecide, 'decision waits for you', 'decisions wait for you', 'F9 shows them.'),
  ].flat();
}

function point(brief: string, then: string): RoundPoint {
  return { brief, then };
}

function counted(count: number, one: string, many: string, then: string): readonly RoundPoint[] {
  return count === 0 ? [] : [point(`${count} ${count === 1 ? one : many}`, then)];
}

function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1) ?? ''}`;
}

/** `10:42` on the same day in England, else with its date. */
function timeOf(instant: string, now: string): string {
  return dayOf(instant) === dayOf(now) ? (displayTime(instant) ?? instant) : displayDateTime(instant);
}

/** `YYYY-MM-DD` in England. */
function dayOf(instant: string): string {
  const local = localDayOf(instant);
  return local === null ? instant : formatCivilDate(local);
}
