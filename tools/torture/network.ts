import { randomUUID } from 'node:crypto';
import { openPglite } from '../../record-service/store/pglite-engine.ts';
import { seededChance } from '../fuzz/virtual-time.ts';
import { proxyFaults, startFaultyProxy } from './faulty-proxy.ts';
import type { ProxyFault } from './faulty-proxy.ts';
import { answerOf, startTrustingService, SyncDesk } from './sync-desk.ts';

export interface NetworkReport {
  readonly saves: number;
  readonly requests: number;
  readonly faults: Readonly<Record<string, number>>;
  /** Saved here and not with the service at the end. */
  readonly lost: number;
  /** Stands with the service in more than one version. */
  readonly doubled: number;
  /** The feed's order of one patient's saves differs from the order in which they were saved. */
  readonly outOfOrder: number;
  /** "In step" was said while something waited. */
  readonly untrueStatus: number;
  readonly drained: boolean;
}

export interface NetworkNumbers {
  readonly seed: number;
  readonly saves: number;
  /** Jumps of this computer's clock between saves, in milliseconds; empty for none. */
  readonly clockJumps?: readonly number[];
}

/**
 * The real engine, journal and HTTP client against the real service on loopback, through a proxy that delays,
 * drops after and before sending, truncates, and answers 413, 429, 500 or a portal's page (sync.md, proof 6).
 */
export async function torturedNetwork(numbers: NetworkNumbers): Promise<NetworkReport> {
  const chance = seededChance(numbers.seed);
  const service = await startTrustingService(await openPglite());
  const faults: Record<string, number> = {};
  let requests = 0;
  let turn = 0;
  let spoils = numbers.clockJumps === undefined;
  const proxy = await startFaultyProxy(service.url, (path) => {
    requests += 1;
    // Every other request on average, each kind in its turn: a short run meets all of them.
    const drawn = spoils && chance() < 0.5 ? proxyFaults[(turn += 1) % proxyFaults.length] : 'none';
    // A gateway that calls a save too large makes it wait for a person: that is its own test.
    const fault: ProxyFault =
      drawn === 'status-413' && path.endsWith('/ops') ? 'status-500' : (drawn ?? 'none');
    faults[fault] = (faults[fault] ?? 0) + 1;
    return fault;
  });
  const desk = await SyncDesk.open(service.url, proxy.url);
  try {
    let untrueStatus = 0;
    const stopListening = desk.engine.listen({
      status: (status) => {
        if (status.inStep && desk.journal.counts().unsentOperations > 0) untrueStatus += 1;
      },
      attention: () => undefined,
    });
    const saved: string[] = [];
    const patients = [randomUUID(), randomUUID(), randomUUID()];
    for (const id of patients) {
      await desk.save(id, [{ resourceType: 'Patient', id, name: [{ family: 'Example' }] }]);
    }
    for (let save = 0; save < numbers.saves; save += 1) {
      const jumps = numbers.clockJumps ?? [];
      desk.wallOffsetMs += jumps[save % Math.max(1, jumps.length)] ?? 0;
      const patientId = patients[save % patients.length] ?? '';
      const id = randomUUID();
      await desk.save(patientId, [observation(patientId, id, save)]);
      saved.push(id);
      if (save % 10 === 9) await desk.engine.now();
    }
    // A short run has not met every kind of fault yet: go on until it has.
    for (
      let round = 0;
      spoils && round < 200 && proxyFaults.some((fault) => faults[fault] === undefined);
      round += 1
    ) {
      await desk.engine.now();
    }
    spoils = false;
    for (let round = 0; round < 40 && !desk.engine.status().inStep; round += 1) {
      await desk.engine.now();
      // Lanes that back off come back by the engine's own clock.
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    const { inStep } = desk.engine.status();
    stopListening();
    return {
      ...(await compare(desk, saved)),
      saves: saved.length,
      requests,
      faults,
      untrueStatus,
      drained: inStep,
    };
  } finally {
    await desk.close();
    await proxy.close();
    await service.close();
  }
}

async function compare(
  desk: SyncDesk,
  saved: readonly string[],
): Promise<Pick<NetworkReport, 'lost' | 'doubled' | 'outOfOrder'>> {
  const { epoch } = answerOf(await desk.direct.probe());
  const arrived: string[] = [];
  const versions = new Map<string, number>();
  for (let position = 0, head = 1; position < head;) {
    const page = answerOf(await desk.direct.changes({ epoch, position }, 500));
    for (const entry of page.entries) {
      if (entry.kind !== 'upsert' || !entry.key.startsWith('Observation/')) continue;
      if (!versions.has(entry.key)) arrived.push(entry.key.slice('Observation/'.length));
      versions.set(entry.key, Math.max(entry.version, versions.get(entry.key) ?? 0));
    }
    position = page.next;
    head = page.head;
  }
  const place = new Map(arrived.map((id, index) => [id, index]));
  // Three patients in turn: every third save is of the same lane.
  const outOfOrder = saved.filter(
    (id, index) => (place.get(id) ?? 0) < (place.get(saved[index - 3] ?? id) ?? 0),
  );
  return {
    lost: saved.filter((id) => !place.has(id)).length,
    doubled: [...versions.values()].filter((version) => version > 1).length,
    outOfOrder: outOfOrder.length,
  };
}

function observation(patientId: string, id: string, number: number) {
  return {
    resourceType: 'Observation',
    id,
    status: 'final',
    code: { text: 'Note' },
    subject: { reference: `Patient/${patientId}` },
    effectiveDateTime: '2026-11-22T10:00:00Z',
    valueString: `entry ${number}`,
  };
}

/** `npm run torture -- network` */
export async function runNetworkTorture(numbers: {
  readonly seed: number;
  readonly rounds: number;
}): Promise<boolean> {
  return holds(await torturedNetwork({ seed: numbers.seed, saves: numbers.rounds * 5 }));
}

export function holds(report: NetworkReport): boolean {
  console.log(JSON.stringify(report, null, 2));
  const { lost, doubled, outOfOrder, untrueStatus, drained } = report;
  return lost + doubled + outOfOrder + untrueStatus === 0 && drained;
}
