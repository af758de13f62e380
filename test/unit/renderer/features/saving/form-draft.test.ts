import { expect, it } from 'vitest';
import { formsOf } from '../../../../../renderer/features/saving/form-draft.tsx';
import { wordsIn } from '../../../../../renderer/features/saving/unfinished-forms.tsx';
import { ownOf } from '../../../../../renderer/features/saving/use-own-drafts.ts';

const draft = (draftId: string, content: unknown, more: object = {}) => ({
  draftId,
  kind: 'other' as const,
  patientId: 'p',
  startedAt: '2026-11-22T10:00:00Z',
  changedAt: `2026-11-22T10:0${draftId}:00Z`,
  content: JSON.stringify(content),
  ...more,
});
const addendum = { form: { kind: 'addendum', key: 'Composition/c' }, values: { text: 'Swab negative' } };

it('finds the forms of this patient, newest first, and nothing else', () => {
  const drafts = [
    draft('1', addendum),
    draft('2', { form: { kind: 'add-allergy' }, values: {} }),
    draft('3', { kind: 'template', draftId: 'x' }),
    draft('4', { encounterId: 'e', lines: [] }, { kind: 'consultation' }),
    draft('5', addendum, { patientId: 'another' }),
    draft('6', null),
    draft('7', '', { content: 'damaged' }),
  ];
  expect(formsOf(drafts, 'p').map((one) => [one.draft.draftId, one.form.kind])).toEqual([
    ['2', 'add-allergy'],
    ['1', 'addendum'],
  ]);
  expect(formsOf(drafts, undefined)).toEqual([]);
  expect(ownOf(drafts, 'consultation', 'p').map(({ draftId }) => draftId)).toEqual(['4']);
});

it('tells every word of a form', () => {
  expect(wordsIn({ agent: { text: 'Doxycycline' }, reaction: ' rash ', severity: '', known: true })).toEqual([
    'Doxycycline',
    'rash',
  ]);
});
