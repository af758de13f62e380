import { expect, test } from 'vitest';
import { opened, PATIENT } from './fixtures.ts';

const coding = (code: string) => ({ coding: [{ code }] });

function condition(
  id: string,
  text: string,
  category: string,
  recordedDate: string,
  more: object = {},
): object {
  return {
    resourceType: 'Condition',
    id,
    category: [coding(category)],
    clinicalStatus: coding('active'),
    verificationStatus: coding('confirmed'),
    code: { coding: [{ system: 'http://snomed.info/sct', code: `1000${id}` }], text },
    recordedDate,
    ...more,
  };
}

const recent = (...conditions: readonly object[]) =>
  opened([{ resourceType: 'Patient', id: PATIENT }, ...conditions])
    .record()
    ?.summary.recentDiagnoses.map(({ coded, isSuspected }) => `${isSuspected ? '? ' : ''}${coded.text}`);

const diagnosis = 'encounter-diagnosis';

test('a diagnosis of the last year that is no problem is listed, newest first, once', () => {
  expect(
    recent(
      condition('1', 'Migraine', diagnosis, '2026-03-01T10:00:00Z'),
      condition('2', 'Cellulitis', diagnosis, '2026-05-01T10:00:00Z'),
      condition('1b', 'Migraine', diagnosis, '2026-01-01T10:00:00Z', {
        code: { coding: [{ system: 'http://snomed.info/sct', code: '10001' }], text: 'Migraine again' },
      }),
      condition('3', 'Appendicitis', diagnosis, '2026-04-01', { verificationStatus: coding('provisional') }),
    ),
  ).toEqual(['Cellulitis', '? Appendicitis', 'Migraine']);
});

test('what is an active problem, past, old, refuted or entered in error is not', () => {
  expect(
    recent(
      condition('1', 'Asthma', 'problem-list-item', '2020-01-01'),
      condition('2', 'asthma', diagnosis, '2026-05-01'),
      condition('3', 'Old', diagnosis, '2019-05-01'),
      condition('4', 'Past', diagnosis, '2026-05-01', { clinicalStatus: coding('resolved') }),
      condition('5', 'Refuted', diagnosis, '2026-05-01', { verificationStatus: coding('refuted') }),
      condition('6', 'Error', diagnosis, '2026-05-01', { verificationStatus: coding('entered-in-error') }),
    ),
  ).toEqual([]);
});

test('one whose problem has ended is listed again', () => {
  expect(
    recent(
      condition('1', 'Gout', 'problem-list-item', '2020-01-01', { clinicalStatus: coding('resolved') }),
      condition('2', 'Gout', diagnosis, '2026-05-01'),
    ),
  ).toEqual(['Gout']);
});
