import { describe, expect, it } from 'vitest';
import { buildObservations } from '../../../../domain/clinical/observation-resources.ts';
import { scoreNews2 } from '../../../../domain/clinical/news2.ts';
import type { News2Measurements } from '../../../../domain/clinical/news2.ts';
import { parseExact, stringifyExact } from '../../../../domain/fhir/exact-json.ts';
import type { OperationId } from '../../../../domain/identifiers.ts';
import { unsentAlarms } from '../../../../domain/sync/unsent-alarm.ts';
import type { JournaledOperation } from '../../../../domain/sync/lane-handshake.ts';
import type { OperationOutcome, ResourceJson } from '../../../../domain/sync/operation.ts';
import { signedOperation } from '../../../support/signed-operation.ts';

const none: ReadonlySet<string> = new Set();

function entry(
  opId: string,
  after: ResourceJson | undefined,
  facts: Parameters<typeof signedOperation>[1] = {},
  outcome?: 'applied' | 'rejected' | 'conflict',
): JournaledOperation {
  const resource = after === undefined ? (facts.resource ?? 'Task/t') : `${after.resourceType}/${after.id}`;
  const settled = { opId: opId as OperationId, outcome, version: 1, code: 'invalid-resource', message: '' };
  return {
    signed: signedOperation(opId, {
      groupId: 'g',
      resource,
      ...facts,
      ...(after === undefined ? {} : { after }),
    }),
    settlement:
      outcome === undefined
        ? null
        : {
            outcome: settled as unknown as Exclude<OperationOutcome, { outcome: 'held' }>,
            epoch: 'e',
            durable: true,
          },
  };
}

function score(measured: News2Measurements): ResourceJson {
  const result = scoreNews2(measured, { ageYears: 60, pregnancy: 'not-pregnant' }, { scale: 1 });
  const observations = buildObservations(
    [],
    {
      subject: { reference: 'Patient/p1' },
      performer: [],
      effective: '2026-11-22T10:00:00Z',
      recorded: '2026-11-22T10:00:00Z',
      newId: () => 'score',
    },
    { result, scale: { scale: 1 } },
  );
  return parseExact(stringifyExact(observations.at(-1))) as ResourceJson;
}

const well: News2Measurements = {
  respiration: 16,
  spo2: 98,
  oxygen: 'air',
  systolic: 120,
  pulse: 70,
  consciousness: 'alert',
  temperature: 37,
};
const task = (facts: object = {}): ResourceJson => ({
  resourceType: 'Task',
  id: 't',
  status: 'requested',
  priority: 'urgent',
  ...facts,
});

describe('what must not wait in silence', () => {
  it('alarms as its corrected version once a refused one is corrected, until that is taken', () => {
    const refused = entry('old', task(), {}, 'rejected');
    const corrected = { groupId: 'g2', replaces: ['old' as OperationId] };
    expect(unsentAlarms([refused], none)).toMatchObject([{ groupId: 'g', state: 'refused' }]);
    expect(unsentAlarms([refused, entry('new', task(), corrected)], none)).toMatchObject([
      { groupId: 'g2', state: 'waiting' },
    ]);
    expect(unsentAlarms([refused, entry('new', task(), corrected, 'applied')], none)).toEqual([]);
    // A correction that was given up corrects nothing.
    const skip = entry('skip', undefined, { kind: 'skip', skippedOpId: 'new' as OperationId, groupId: 'g3' });
    expect(unsentAlarms([refused, entry('new', task(), corrected), skip], none)).toMatchObject([
      { groupId: 'g', state: 'refused' },
    ]);
  });

  it('is an urgent or emergency NEWS2 as the pane writes it, complete or not', () => {
    const of = (measured: News2Measurements) => unsentAlarms([entry('o', score(measured))], none)[0]?.what;
    expect(of({ ...well, respiration: 26, spo2: 90, pulse: 120 })).toBe('NEWS2 8: emergency');
    expect(of({ ...well, respiration: 26, pulse: 120 })).toBe('NEWS2 5: urgent');
    expect(of({ respiration: 26, spo2: 90, pulse: 120 })).toBe('NEWS2 at least 8: emergency');
    expect(of({ ...well, pulse: 'unrecordable' })).toBe('NEWS2 at least 0: emergency');
    expect(of(well)).toBeUndefined();
  });

  it('is an urgent task or request; a routine one, or one that is ended, is not', () => {
    const request = { ...task(), resourceType: 'ServiceRequest', id: 'r', status: 'active' };
    expect(unsentAlarms([entry('o', task(), { kind: 'create' })], none)).toMatchObject([
      { groupId: 'g', patientId: 'p1', kind: 'urgent-task', state: 'waiting', author: 'Amara Okafor' },
    ]);
    expect(unsentAlarms([entry('o', request, { kind: 'create' })], none)[0]?.kind).toBe('urgent-request');
    expect(unsentAlarms([entry('o', task({ priority: 'routine' }))], none)).toEqual([]);
    expect(unsentAlarms([entry('o', task({ status: 'completed' }))], none)).toEqual([]);
  });

  it('ends when the service has it, and stays when the service refused it', () => {
    expect(unsentAlarms([entry('o', task(), {}, 'applied')], none)).toEqual([]);
    const refused = [entry('o', task(), {}, 'rejected')];
    expect(unsentAlarms(refused, none)).toMatchObject([{ state: 'refused' }]);
    expect(unsentAlarms(refused, new Set(['o']))).toEqual([]);
  });

  it('ends when its author took it back, or left it out by a signed skip', () => {
    const made = entry('o', task(), { kind: 'create' });
    const void_ = entry('v', task({ status: 'entered-in-error' }), {
      kind: 'void',
      groupId: 'h',
      prevOpId: 'o',
    });
    expect(unsentAlarms([made, void_], none)).toEqual([]);
    const skip = entry('s', undefined, { kind: 'skip', groupId: 'h', skippedOpId: 'o' as OperationId });
    expect(unsentAlarms([made, skip], none)).toEqual([]);
  });

  it('is not a note on a task that was known to be urgent, but is a task made urgent', () => {
    const amended = (path: string) =>
      entry('a', task(), { kind: 'amend', diff: [{ path, before: undefined, after: undefined }] });
    expect(unsentAlarms([amended('note[#1]')], none)).toEqual([]);
    expect(unsentAlarms([amended('priority')], none)).toHaveLength(1);
  });

  it('is one alarm a save, the gravest matter first', () => {
    const group = [
      entry('1', task()),
      entry('2', score({ ...well, respiration: 26, spo2: 90, pulse: 120 })),
      entry('3', task({ id: 'u' })),
    ];
    expect(unsentAlarms(group, none)).toMatchObject([
      { kind: 'early-warning-score', what: 'NEWS2 8: emergency; Urgent task' },
    ]);
  });
});
