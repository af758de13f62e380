import { createContext, use, useCallback, useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import type { Looked } from '../../../contract/channels/record.ts';
import type { Patient } from '@medplum/fhirtypes';
import { parseForView } from '../../../domain/fhir/exact-json.ts';
import {
  arrivedSince,
  reachOf,
  standingSince,
  type ArrivedEntry,
} from '../../../domain/record/arrived-since.ts';
import type { EntryView } from '../../../domain/record/record-view.ts';
import { CacheError } from '../../cache/index.ts';
import { host } from '../../host/index.ts';
import { useBag } from '../bag/index.ts';
import { useMay, useSignedInUser } from '../session/index.ts';

/** One patient into whose record something came since this person last looked. */
export interface ArrivedPatient {
  readonly patientId: string;
  readonly lookedAt: string;
  readonly entries: readonly ArrivedEntry[];
}

interface Arrived {
  /** Those with an abnormal result first, then as they were looked at. */
  readonly patients: readonly ArrivedPatient[];
  /** The record stands open: it counts as looked at, unless something waits to be read. */
  readonly opened: (patientId: string) => Promise<void>;
  /** A person has read what arrived. Nothing else ever says so. */
  readonly read: (patientId: string) => Promise<void>;
}

const ArrivedContext = createContext<Arrived | null>(null);

export function useArrived(): Arrived {
  const arrived = use(ArrivedContext);
  if (!arrived) throw new Error('no ArrivedProvider above');
  return arrived;
}

/** Follows the records of the patients whom this person saw within 14 days, one at a time, and only when they change. */
export function ArrivedProvider({ children }: { readonly children: ReactNode }) {
  const bag = useBag();
  const { name } = useSignedInUser();
  const clinical = useMay()('view-clinical');
  const [byPatient, setByPatient] = useState<ReadonlyMap<string, ArrivedPatient>>(new Map());
  const looked = useRef<ReadonlyMap<string, Looked>>(new Map());
  const remember = (list: readonly Looked[]) => {
    looked.current = new Map(list.map((one) => [one.patientId, one]));
  };

  const look = useCallback(
    async (patientId: string) => {
      const mark = looked.current.get(patientId);
      if (!mark) return;
      const here = await recordHere(bag, patientId);
      if (here === null) return;
      const news = newsOf(here, mark.upTo, name);
      setByPatient((before) => {
        if (news.length === 0 && !before.has(patientId)) return before;
        const next = new Map(before);
        if (news.length === 0) next.delete(patientId);
        else next.set(patientId, { patientId, lookedAt: mark.at, entries: news });
        return next;
      });
    },
    [bag, name],
  );

  const mark = useCallback(
    async (patientId: string, isRead: boolean) => {
      const here = await recordHere(bag, patientId);
      if (here === null) return;
      const before = looked.current.get(patientId);
      const waits = before !== undefined && newsOf(here, before.upTo, name).length > 0;
      const upTo = waits && !isRead ? before.upTo : reachOf(here.entries, here.patient);
      const kept = await host().call('looked.put', { patientId, upTo });
      if (kept.ok) remember(kept.value);
      await look(patientId);
    },
    [bag, look, name],
  );

  useEffect(() => {
    if (!clinical) return;
    const ended = new AbortController();
    const isEnded = () => ended.signal.aborted;
    void (async () => {
      const list = await host().call('looked.list');
      if (isEnded() || !list.ok) return;
      remember(list.value);
      for (const { patientId } of list.value) {
        await idle();
        if (isEnded()) return;
        await look(patientId);
      }
    })();
    const unfollow = bag.onNotice((notice) => {
      if (notice.kind !== 'patients') return;
      for (const patientId of notice.patientIds) void look(patientId);
    });
    return () => {
      ended.abort();
      unfollow();
    };
  }, [bag, clinical, look]);

  const arrived = useMemo<Arrived>(
    () => ({
      patients: [...byPatient.values()].toSorted(
        (left, right) =>
          Number(isAbnormal(right)) - Number(isAbnormal(left)) || right.lookedAt.localeCompare(left.lookedAt),
      ),
      opened: (patientId) => idle().then(() => mark(patientId, false)),
      read: (patientId) => mark(patientId, true),
    }),
    [byPatient, mark],
  );
  return <ArrivedContext value={arrived}>{children}</ArrivedContext>;
}

/** Nobody waits for this: what a person asked for comes first. */
function idle(): Promise<void> {
  return new Promise((resolve) => {
    requestIdleCallback(
      () => {
        resolve();
      },
      { timeout: 1_000 },
    );
  });
}

export function isAbnormal({ entries }: ArrivedPatient): boolean {
  return entries.some(({ abnormal }) => abnormal);
}

interface RecordHere {
  readonly entries: readonly EntryView[];
  readonly patient: Patient | null;
}

/** Abnormal results first, then death and deduction, then the rest. */
function newsOf({ entries, patient }: RecordHere, upTo: string | null, me: string): readonly ArrivedEntry[] {
  const arrived = arrivedSince(entries, upTo, me);
  const standing = patient ? standingSince(patient, upTo) : [];
  return [
    ...arrived.filter(({ abnormal }) => abnormal),
    ...standing,
    ...arrived.filter(({ abnormal }) => !abnormal),
  ];
}

/** Null where the record is not here, or the bag has just been closed. */
async function recordHere(bag: ReturnType<typeof useBag>, patientId: string): Promise<RecordHere | null> {
  try {
    const entries = await bag.view(patientId, 'timeline', {});
    if (entries === null) return null;
    const patient = await bag.resource(patientId, `Patient/${patientId}`);
    return { entries, patient: patient ? (parseForView(patient.text) as Patient) : null };
  } catch (fault) {
    if (fault instanceof CacheError) return null;
    throw fault;
  }
}
