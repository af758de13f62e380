import { describe, expect, it } from 'vitest';
import {
  changedSince,
  safetyFactsOf,
  safetyNews,
  seenUpTo,
  withOwnWork,
} from '../../../../domain/record/changed-since.ts';
import type { RecordView } from '../../../../domain/record/record-view.ts';
import { opened, pending } from './fixtures.ts';

const me = 'Dr Amara Okafor';
const staff = [
  { resourceType: 'Practitioner', id: 'dr-1', name: [{ text: me }] },
  { resourceType: 'Practitioner', id: 'nurse', name: [{ text: 'Nurse Bell' }] },
];

function allergy(id: string, lastUpdated: string, recorder: string) {
  return {
    resourceType: 'AllergyIntolerance',
    id,
    meta: { lastUpdated },
    clinicalStatus: { coding: [{ code: 'active' }] },
    code: { text: `Agent ${id}` },
    recorder: { reference: `Practitioner/${recorder}`, display: recorder === 'dr-1' ? me : 'Nurse Bell' },
    recordedDate: '2026-11-22',
  };
}

function note(id: string, lastUpdated: string, performer: string) {
  return {
    resourceType: 'Observation',
    id,
    meta: { lastUpdated },
    status: 'final',
    code: { text: 'Cough' },
    performer: [{ display: performer }],
    effectiveDateTime: '2026-11-22T10:00:00Z',
  };
}

const timeline = (...resources: object[]) => opened(resources, { shared: staff }).view('timeline');

describe('what changed since a consultation was opened', () => {
  const before = timeline(note('a', '2026-11-22T10:00:00.000Z', 'Nurse Bell'));

  it('marks how far the service’s versions reached', () => {
    expect(seenUpTo(before)).toBe('2026-11-22T10:00:00.000Z');
    expect(seenUpTo([])).toBeNull();
  });

  it('names what came in since, safety facts first, with who; one’s own work is no news', () => {
    const now = timeline(
      note('a', '2026-11-22T10:00:00.000Z', 'Nurse Bell'),
      note('b', '2026-11-22T10:05:00.000Z', 'Nurse Bell'),
      allergy('c', '2026-11-22T10:01:00.000Z', 'nurse'),
      allergy('mine', '2026-11-22T10:06:00.000Z', 'dr-1'),
    );
    expect(changedSince(now, seenUpTo(before), me).map(({ words, author }) => [words, author])).toEqual([
      ['Allergy: Agent c', 'Nurse Bell'],
      ['Observation: Cough', 'Nurse Bell'],
    ]);
  });

  it('an entry that was changed or called an error since is named as well', () => {
    const now = timeline({
      ...note('a', '2026-11-22T10:07:00.000Z', 'Nurse Bell'),
      status: 'entered-in-error',
    });
    expect(changedSince(now, seenUpTo(before), me)[0]?.words).toContain('entered in error');
  });

  it('what this computer has not sent is no news', () => {
    const record = opened([note('a', '2026-11-22T10:00:00.000Z', 'Nurse Bell')], {
      pending: [pending(note('a', '2026-11-22T10:09:00.000Z', 'Nurse Bell'), 'waiting')],
    });
    expect(changedSince(record.view('timeline'), seenUpTo(before), me)).toEqual([]);
  });
});

describe('safety facts that change under an open record', () => {
  const facts = (...resources: object[]) =>
    safetyFactsOf(opened(resources, { shared: staff }).record() as RecordView);
  const penicillin = allergy('p', '2026-11-22T09:00:00Z', 'nurse');

  it('a new allergy, a gone one and a death are told', () => {
    expect(safetyNews(facts(), facts(penicillin))).toEqual(['Allergy: Agent p']);
    expect(safetyNews(facts(penicillin), facts())).toEqual(['Allergy: Agent p (no longer current)']);
    expect(safetyNews(facts(), [{ key: 'death', version: 2, words: 'Died' }])).toEqual(['Died']);
  });

  it('another version is told; the same one is not, nor one’s own once it is sent', () => {
    expect(
      safetyNews([{ key: 'x', version: 1, words: 'w' }], [{ key: 'x', version: 2, words: 'w' }]),
    ).toEqual(['w (changed)']);
    expect(
      safetyNews([{ key: 'x', version: 1, words: 'w' }], [{ key: 'x', version: 1, words: 'w' }]),
    ).toEqual([]);
    expect(
      safetyNews([{ key: 'x', version: null, words: 'w' }], [{ key: 'x', version: 1, words: 'w' }]),
    ).toEqual([]);
    expect(safetyNews([], [{ key: 'x', version: null, words: 'w' }])).toEqual([]);
  });

  it('one’s own change and one’s own stop are no news, before and after they are sent', () => {
    const seen = [
      { key: 'changed', version: 1, words: 'w' },
      { key: 'stopped', version: 1, words: 'w' },
    ];
    const pending = new Set(['changed', 'stopped']);
    const whilePending = [{ key: 'changed', version: null, words: 'w' }];
    const known = withOwnWork(seen, whilePending, pending);
    expect(safetyNews(known, whilePending)).toEqual([]);
    expect(withOwnWork(known, whilePending, pending)).toBe(known);
    expect(safetyNews(known, [{ key: 'changed', version: 2, words: 'w' }])).toEqual([]);
  });
});
