import { expect, it } from 'vitest';
import { faultWords } from '../../../../../renderer/features/templates/fault-words.ts';

it.each([
  ['label', 'Name: No.'],
  ['ages.from', 'Ages, from: No.'],
  ['sections', 'No.'],
  ['sections.1.heading', 'Section 2, heading: No.'],
  ['sections.0.items.2.label', 'Section 1, item 3, what is asked: No.'],
  ['sections.0.items.2.choices.0.code', 'Section 1, item 3, choice 1, SNOMED CT code: No.'],
  ['sections.0.items.2.choices', 'Section 1, item 3: No.'],
])('%s is said as a person looks for it', (path, words) => {
  expect(faultWords({ path, words: 'No.' })).toBe(words);
});
