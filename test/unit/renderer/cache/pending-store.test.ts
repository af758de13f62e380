import { describe, expect, test } from 'vitest';
import type { PendingOperation } from '../../../../contract/cache-port.ts';
import type { OperationId, PatientId, ResourceKey } from '../../../../domain/identifiers.ts';
import type { Operation } from '../../../../domain/sync/operation.ts';
import {
  entryWithPending,
  listedHere,
  overlaidAgenda,
  pendingRegistrations,
} from '../../../../renderer/cache/pending-lists.ts';
import type { DirectoryEntry } from '../../../../domain/record/directory-entry.ts';
import { PendingStore } from '../../../../renderer/cache/pending-store.ts';
import type { AnyResource, ShownResource } from '../../../../domain/record/overlay.ts';
import { agendaOf } from '../../../../domain/record/agenda.ts';
import { author } from '../../domain/record/fixtures.ts';

function operation(
  opId: string,
  patientId: string,
  after: { readonly resourceType: string; readonly id: string },
  more: Partial<PendingOperation> & { readonly kind?: Operation['kind'] } = {},
): PendingOperation {
  const { kind = 'amend', ...rest } = more;
  return {
    operation: {
      opId: opId as OperationId,
      deviceSeq: Number(opId),
      patientId: patientId as PatientId,
      resource: `${after.resourceType}/${after.id}` as ResourceKey,
      author,
      kind,
      recordedAt: { wallClock: '2026-11-22T10:00:00Z', monotonicMs: 1 },
    } as Operation,
    after: JSON.stringify(after),
    state: 'waiting',
    ...rest,
  };
}

const task = { resourceType: 'Task', id: 't', status: 'completed', description: 'Ring back' };

describe('pending work', () => {
  test('says whose overlay changed, and keeps that of the others as it was', () => {
    const store = new PendingStore();
    expect(store.replace([operation('1', 'p', task), operation('2', 'q', task)])).toEqual(['p', 'q']);
    const before = store.of('p');
    expect(
      store.replace([
        operation('1', 'p', task),
        operation('2', 'q', task, { state: 'applied', resultVersion: 3 }),
      ]),
    ).toEqual(['q']);
    expect(store.of('p')).toBe(before);
    expect(store.replace([])).toEqual(['p', 'q']);
    expect(store.of('p')).toEqual([]);
  });

  test('keeps the text of an operation letter for letter', () => {
    const store = new PendingStore();
    const after = '{"resourceType":"Observation","id":"o","valueQuantity":{"value":8.000}}';
    store.replace([{ ...operation('1', 'p', { resourceType: 'Observation', id: 'o' }), after }]);
    expect(store.textOf('1')).toBe(after);
  });

  test('L22: lists about many patients show pending bookings and tasks over the indexed ones', () => {
    const store = new PendingStore();
    store.replace([operation('1', 'p', task)]);
    const listed: readonly ShownResource[] = [
      {
        source: { key: 'Task/t' as ResourceKey, version: 2 },
        resource: { ...task, status: 'requested' } as AnyResource,
      },
      { source: { key: 'Task/u' as ResourceKey, version: 1 }, resource: { ...task, id: 'u' } },
    ];
    const indexed = agendaOf('p', listed);
    const { tasks } = overlaidAgenda('p', indexed, store);
    expect(tasks.map(({ source, status }) => [source.key, status]).sort()).toEqual([
      ['Task/t', 'completed'],
      ['Task/u', 'completed'],
    ]);
    expect(tasks.find(({ source }) => source.key === 'Task/t')?.source.pending?.state).toBe('waiting');
  });

  test('S15: a patient registered here is found before the service lists them', () => {
    const store = new PendingStore();
    const patient = { resourceType: 'Patient', id: 'new', name: [{ family: 'Testford', given: ['Ann'] }] };
    store.replace([operation('1', 'new', patient, { kind: 'create' })]);
    expect(pendingRegistrations(store, new Map())).toMatchObject([
      { id: 'new', family: 'Testford', registration: 'temporary' },
    ]);
    expect(store.isMadeHere('new')).toBe(true);
    expect(store.isMadeHere('p')).toBe(false);
  });

  describe('demographics changed here', () => {
    const entry: DirectoryEntry = {
      id: 'p' as PatientId,
      family: 'Before',
      given: ['Anna'],
      birthDate: '1961-01-05',
      nhsNumber: '9990000018',
      address: { lines: ['1 Old Street'], postcode: 'LS1 1AA' },
      phones: ['01132 000000'],
      protectedPatient: false,
      registration: 'registered',
      safety: { allergyTitle: 'Known allergies', allergies: ['Penicillin'], flags: [] },
      pack: { resources: 3, bytes: 10 },
    };
    const patient = {
      resourceType: 'Patient',
      id: 'p',
      birthDate: '1961-01-05',
      name: [{ use: 'official', family: 'After', given: ['Anna'] }],
      address: [{ use: 'home', line: ['44 New Street'], postalCode: 'LS2 9JT' }],
      telecom: [{ system: 'phone', value: '07700 900555' }],
      identifier: [{ system: 'https://fhir.nhs.uk/Id/nhs-number', value: '9990000018' }],
    };
    const storeWith = (...pending: readonly PendingOperation[]) => {
      const store = new PendingStore();
      store.replace(pending);
      return store;
    };

    test('are found at once, with what the directory says of safety; the last change counts', () => {
      const second = { ...patient, telecom: [{ system: 'phone', value: '07700 900777' }] };
      const store = storeWith(operation('1', 'p', patient), operation('2', 'p', second));
      expect(entryWithPending(entry, store)).toEqual({
        ...entry,
        family: 'After',
        address: { lines: ['44 New Street'], postcode: 'LS2 9JT' },
        phones: ['07700 900777'],
      });
      const { entries, changed } = listedHere(new Map([['p', entry]]), store);
      expect(entries.map(({ family }) => family)).toEqual(['After']);
      expect([...changed]).toEqual(['p']);
    });

    test.each(['rejected', 'conflict'] as const)('%s: the directory’s stand', (state) => {
      expect(entryWithPending(entry, storeWith(operation('1', 'p', patient, { state })))).toBe(entry);
    });

    test('of somebody protected show no address and no telephone', () => {
      const { address, ...without } = entry;
      expect(address).toBeDefined();
      const guarded = { ...without, phones: [], protectedPatient: true };
      expect(entryWithPending(guarded, storeWith(operation('1', 'p', patient)))).toEqual({
        ...guarded,
        family: 'After',
      });
    });

    test('other work of a patient changes nothing of their entry', () => {
      expect(entryWithPending(entry, storeWith(operation('1', 'p', task)))).toBe(entry);
    });
  });
});
