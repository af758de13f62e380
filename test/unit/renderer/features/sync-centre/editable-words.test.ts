import { describe, expect, it } from 'vitest';
import { parseExact, stringifyExact } from '../../../../../domain/fhir/exact-json.ts';
import { editableWords, withWords } from '../../../../../renderer/features/sync-centre/editable-words.ts';

const text =
  '{"resourceType":"Observation","id":"o","status":"final","subject":{"reference":"Patient/p"},' +
  '"code":{"text":"Weight","coding":[{"system":"s","code":"27113001","display":"Body weight"}]},' +
  '"effectiveDateTime":"yesterday","valueQuantity":{"value":72.50,"unit":"kg"},' +
  '"note":[{"text":"with shoes"},{"text":"again"}]}';
const weight = parseExact(text) as { readonly note: readonly unknown[] };

describe('the words of a refused entry', () => {
  it('are those that a person wrote, numbers as written; identity, codes and links are left alone', () => {
    expect(editableWords(weight).map(({ label, value }) => [label, value])).toEqual([
      ['Code, text', 'Weight'],
      ['Effective date time', 'yesterday'],
      ['Value quantity, value', '72.50'],
      ['Note, text', 'with shoes'],
      ['Note, text', 'again'],
    ]);
  });

  it('unchanged give the entry as it was, digit for digit', () => {
    expect(stringifyExact(withWords(weight, editableWords(weight)))).toBe(text);
  });

  it('are put in their places; what is made empty is left out; a number stays a number', () => {
    const [, when, value, first, second] = editableWords(weight);
    if (!when || !value || !first || !second) throw new Error('four words');
    const corrected = withWords(weight, [
      { ...when, value: '2026-11-22' },
      { ...value, value: '73.0' },
      { ...first, value: ' ' },
      second,
    ]);
    expect(stringifyExact(corrected)).toContain(
      '"effectiveDateTime":"2026-11-22","valueQuantity":{"value":73.0,',
    );
    expect(corrected?.note.length).toBe(1);
    expect(withWords(weight, [{ ...value, value: 'about 70' }])).toBeNull();
  });
});
