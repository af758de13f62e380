import type { Cursor } from '../../contract/record-service.ts';
import type { PatientAgenda } from '../../domain/record/agenda.ts';
import type { BodyPlace } from './pack-segments.ts';

/** What the state row holds, sealed. */
export interface BagState {
  /** Where the feed stands; `null` before the first directory. */
  readonly cursor: Cursor | null;
  /** Rises when the cursor jumps (a fresh directory): packs of an earlier run have missed entries in between. */
  readonly run: number;
  readonly organisationName: string | null;
  readonly booked: readonly { readonly patientId: string; readonly start: string }[];
  readonly dataAsOf: string | null;
  /** Patients opened last, the latest first. */
  readonly recent: readonly string[];
  /** Whom each person picked for the next round, by user id; absent in stores of before. */
  readonly rounds?: Readonly<Record<string, KeptRound>>;
  /** How often each coded term was taken on this computer, so that the usual ones come first. */
  readonly termUses: Readonly<Record<string, number>>;
  /** The next row of packs and key file; none is used twice. */
  readonly nextRow: number;
  /** Somebody left the scope, and the key that the logs had then was not destroyed yet. */
  readonly rekeyDue: boolean;
}

export const EMPTY_BAG: BagState = {
  cursor: null,
  run: 0,
  organisationName: null,
  booked: [],
  dataAsOf: null,
  recent: [],
  termUses: {},
  nextRow: 1,
  rekeyDue: false,
};

/** A round of visits as one person put it together: ids only, sealed with the rest of the state. */
export interface KeptRound {
  /** `YYYY-MM-DD` in England. */
  readonly day: string;
  readonly patientIds: readonly string[];
  /** How many were on it whose record has left this computer: nothing here tells any more who they were. */
  readonly gone: number;
}

export function roundsWithout(
  rounds: BagState['rounds'] = {},
  left: ReadonlySet<string>,
): Readonly<Record<string, KeptRound>> {
  return Object.fromEntries(
    Object.entries(rounds).map(([userId, round]) => {
      const patientIds = round.patientIds.filter((id) => !left.has(id));
      const gone = round.gone + round.patientIds.length - patientIds.length;
      return [userId, { ...round, patientIds, gone }];
    }),
  );
}

/** What is known of a pack without opening it. */
export interface PackEntry {
  readonly row: number;
  readonly revision: number;
  readonly run: number;
  /** The position at which the service read it. */
  readonly validAt: number;
  /** Of the sealed body. */
  readonly bytes: number;
  /** Absent where the body still lies in the database, as stores of before kept it. */
  readonly lies?: BodyPlace;
  readonly resources: number;
  /** The manifest's digest; `null` once the feed has changed the pack, until it is asked for. */
  readonly digest: string | null;
  /** Appointments and tasks in it, as the service said; `null` where only the pack itself can tell. */
  readonly listed: number | null;
}

/** Appointments and tasks of one patient, as of a revision of the pack. */
export interface AgendaEntry extends PatientAgenda {
  readonly revision: number;
}
