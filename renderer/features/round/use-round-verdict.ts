import { useEffect, useState } from 'react';
import type { SyncStatus } from '../../../contract/channels/sync.ts';
import {
  leaseForRound,
  roundVerdict,
  type LeaseForRound,
  type RoundSync,
  type RoundVerdict,
} from '../../../domain/record/round-readiness.ts';
import { host } from '../../host/index.ts';
import { useBagQuery } from '../bag/index.ts';
import { useSession } from '../session/index.ts';
import { useAttention, useSyncStatus } from '../sync-status/index.ts';
import type { RoundLine } from './round-lines.ts';

export interface RoundState {
  readonly verdict: RoundVerdict;
  readonly status: SyncStatus | undefined;
  readonly dataAsOf: string | null;
  readonly lease: { readonly until: string | null; readonly forRound: LeaseForRound };
}

/** Everything that the verdict rests on, followed. */
export function useRoundState(round: {
  readonly now: string;
  readonly day: string;
  /** `null` while it is not known who was picked. */
  readonly lines: readonly RoundLine[] | null;
  readonly gone: number;
  readonly keptFrom: string | null;
  readonly visitsLeftOut: number;
  /** `null` while the day's book is not known. */
  readonly bookingsToCome: number | null;
}): RoundState {
  const status = useSyncStatus();
  const attention = useAttention();
  const { state } = useSession();
  const here = useBagQuery(
    'state',
    (bag) => bag.state(),
    (notice) => notice.kind === 'state' || notice.kind === 'directory',
  ).value;
  const unsignedNotes = useUnsignedNotes();
  const lease = state?.lease ?? null;
  const dataAsOf = status?.dataAsOf ?? here?.dataAsOf ?? null;
  const { lines, bookingsToCome } = round;
  const verdict = roundVerdict({
    now: round.now,
    day: round.day,
    lease,
    sync: status ? syncFacts(status) : null,
    dataAsOf,
    list:
      here === undefined || bookingsToCome === null
        ? null
        : { isHere: here.directoryEntries > 0, bookingsToCome },
    copies: lines?.map(({ copy }) => copy) ?? null,
    gone: round.gone,
    keptFrom: round.keptFrom,
    visitsLeftOut: round.visitsLeftOut,
    unreadableDocuments: (lines ?? []).reduce(
      (sum, { record }) => sum + (record ? record.documents.elsewhere + record.documents.notShown : 0),
      0,
    ),
    unsignedNotes,
    toDecide: attention?.length ?? 0,
  });
  const forRound = leaseForRound({ lease, now: round.now, day: round.day });
  return { verdict, status, dataAsOf, lease: { until: lease?.until ?? null, forRound } };
}

function syncFacts({ connection, inStep, offlineSince, pending, firstLoad }: SyncStatus): RoundSync {
  return {
    connection,
    inStep,
    offlineSince: offlineSince ?? null,
    unsent: pending.operations,
    loading: firstLoad
      ? { toCome: Math.max(0, firstLoad.patientsTotal - firstLoad.patientsDone), paused: firstLoad.paused }
      : null,
  };
}

/** Notes that the person at work began and did not sign. Nothing is written on this screen: asked for once. */
function useUnsignedNotes(): number {
  const [count, setCount] = useState(0);
  useEffect(() => {
    let ended = false;
    void host()
      .call('draft.list')
      .then((drafts) => {
        if (!ended && drafts.ok)
          setCount(
            drafts.value.filter(({ kind }) => kind === 'consultation' || kind === 'observations').length,
          );
      });
    return () => {
      ended = true;
    };
  }, []);
  return count;
}
