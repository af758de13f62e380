import { describe, expect, it } from 'vitest';
import type { Patient } from '@medplum/fhirtypes';
import { arrivedSince, reachOf, standingSince } from '../../../../domain/record/arrived-since.ts';
import type { EntryView } from '../../../../domain/record/record-view.ts';

const seen = '2026-11-20T10:00:00Z';
const entry = (key: string, more: Partial<EntryView> = {}): EntryView =>
  ({
    source: { key, version: 2 },
    resourceType: key.split('/')[0] ?? '',
    category: 'Entry',
    text: key,
    value: null,
    abnormal: false,
    received: '2026-11-21T10:00:00Z',
    author: 'Laboratory',
    enteredInError: null,
    sensitive: [],
    ...more,
  }) as unknown as EntryView;

const patient = (more: object): Patient => ({
  resourceType: 'Patient',
  id: 'p',
  meta: { lastUpdated: '2026-11-21T10:00:00Z' },
  ...more,
});

describe('death and deduction', () => {
  it('are told once they came after somebody looked, and end with the reach of what they read', () => {
    const died = patient({ deceasedDateTime: '2026-11-20' });
    expect(standingSince(died, seen)).toMatchObject([
      { kind: 'safety', words: 'The patient is recorded as having died' },
    ]);
    expect(standingSince(patient({ active: false }), seen)[0]?.words).toContain('no longer registered');
    expect(standingSince(patient({}), seen)).toEqual([]);
    expect(standingSince(died, reachOf([], died))).toEqual([]);
    expect(reachOf([entry('Observation/later', { received: '2026-11-22T10:00:00Z' })], died)).toBe(
      '2026-11-22T10:00:00Z',
    );
  });
});

describe('what arrived since somebody looked', () => {
  it('is results, letters and safety facts of others, abnormal first', () => {
    const entries = [
      entry('DocumentReference/letter'),
      entry('Observation/normal'),
      entry('AllergyIntolerance/a'),
      entry('DiagnosticReport/high', { abnormal: true }),
      entry('Composition/by-a-colleague'),
      entry('Task/t'),
    ];
    expect(arrivedSince(entries, seen, 'Dr Okafor').map(({ key, kind }) => [key, kind])).toEqual([
      ['DiagnosticReport/high', 'result'],
      ['AllergyIntolerance/a', 'safety'],
      ['DocumentReference/letter', 'letter'],
      ['Observation/normal', 'result'],
    ]);
  });

  it('writes out neither an alert nor what is marked as sensitive', () => {
    const entries = [
      entry('Flag/child-protection', { text: 'Child protection plan' }),
      entry('DocumentReference/d', { text: 'Letter of the clinic', sensitive: ['third-party'] }),
    ];
    const words = arrivedSince(entries, seen, 'Dr Okafor').map((one) => one.words);
    expect(words).toEqual(['An alert was added or changed', 'Entry: marked as sensitive']);
  });

  it('is not what was there when they looked, nor their own work, nor what has not been sent', () => {
    const entries = [
      entry('Observation/seen', { received: seen }),
      entry('Observation/own', { author: 'Dr Okafor' }),
      entry('Observation/unsent', { received: null }),
    ];
    expect(arrivedSince(entries, seen, 'Dr Okafor')).toEqual([]);
  });
});
