import { expect, test } from 'vitest';
import { newestConsultations } from '../../../../domain/record/journal.ts';
import { generatePractice } from '../../../../record-service/seed/practice.ts';
import { opened } from './fixtures.ts';

/** Real-looking records of other patients' ids do no harm here: the journal asks for no patient. */
function records(): readonly (readonly object[])[] {
  return [...generatePractice({ patients: 30, days: 1, today: '2026-11-22' })].filter((resources) =>
    resources.some(({ resourceType }) => resourceType === 'Patient'),
  );
}

const typeOf = (resource: object): string => (resource as { readonly resourceType: string }).resourceType;

/** Without every third composition: encounters alone, entries that stand under no heading. */
const torn = (resources: readonly object[]): readonly object[] =>
  resources.filter((resource, index) => typeOf(resource) !== 'Composition' || index % 3 !== 0);

/** Without most encounters: consultations and entries that name one that is not here. */
const lost = (resources: readonly object[]): readonly object[] =>
  resources.filter((resource, index) => typeOf(resource) !== 'Encounter' || index % 4 === 0);

test.each([
  ['as written', (resources: readonly object[]) => resources],
  ['in another order', (resources: readonly object[]) => resources.toReversed()],
  ['with compositions missing', torn],
  ['with encounters missing', lost],
])('the newest consultations are those of the whole journal, %s', (_, change) => {
  let compared = 0;
  for (const resources of records()) {
    const record = opened(change(resources));
    const whole = record.view('journal').filter((item) => item.kind === 'consultation');
    for (const count of [1, 6]) {
      expect(newestConsultations(record.contents, count)).toEqual(whole.slice(0, count));
      compared += Math.min(count, whole.length);
    }
  }
  expect(compared).toBeGreaterThan(50);
});
