/** Whole records as a live GP system exports them: everything in them shows somewhere. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseExact, parseForView, stringifyExact } from '../../../../domain/fhir/exact-json.ts';
import { convertBundle } from '../../../../record-service/import/convert-bundle.ts';
import type { JournalItem } from '../../../../domain/record/record-view.ts';
import { overlay, type AnyResource } from '../../../../domain/record/overlay.ts';
import { OpenRecord } from '../../../../domain/record/record-projection.ts';
import { cached } from './fixtures.ts';

const folder = resolve(import.meta.dirname, '../../../../../shared/data/gp-records');
/** What belongs to no patient comes beside the pack. */
const SHARED = new Set(['Practitioner', 'PractitionerRole', 'Organization', 'Location', 'HealthcareService']);

function keysIn(items: readonly JournalItem[]): ReadonlySet<string> {
  const keys = new Set<string>();
  for (const item of items) {
    if (item.kind === 'entry') {
      keys.add(item.entry.source.key);
      continue;
    }
    keys.add(item.source.key);
    if (item.encounter) keys.add(item.encounter.key);
    for (const topic of item.topics) {
      for (const heading of topic.headings) for (const entry of heading.entries) keys.add(entry.source.key);
    }
  }
  return keys;
}

// The shared records are not part of the repository: without them there is nothing to read here.
describe.skipIf(!existsSync(folder))('imported records (needs ../shared/data/gp-records)', () => {
  const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.json')) : [];

  test.each(files)('hazards 28, 100: every entry of %s stands in the journal', (file) => {
    const bundle = parseExact(readFileSync(resolve(folder, file), 'utf8'));
    const { resources } = convertBundle(bundle, {
      organisation: 'A99999',
      sourceSystem: 'https://source.example',
    });
    const parsed = resources.map((one) => parseForView(stringifyExact(one)) as AnyResource);
    const patientId = parsed.find(({ resourceType }) => resourceType === 'Patient')?.id ?? '';
    const shared = new Map(parsed.map((one) => [`${one.resourceType}/${one.id ?? ''}`, one]));
    const own = parsed.filter(({ resourceType }) => !SHARED.has(resourceType));
    const record = new OpenRecord(
      overlay(
        own.map((one) => cached(one)),
        [],
      ),
      (key) => shared.get(key),
      { patientId, today: '2026-11-22', asAt: null, state: 'complete', dataAsOf: null },
    );
    const shown = keysIn(record.view('journal'));
    const missing = own
      .map(({ resourceType, id }) => `${resourceType}/${id ?? ''}`)
      .filter((key) => !shown.has(key) && !/^(?:Patient|List|Specimen)\//.test(key));
    expect(missing).toEqual([]);
    expect(record.view('timeline')).toHaveLength(own.length);
    expect(record.record()?.allergyState.available).toBe(true);
    expect(JSON.stringify(record.record())).not.toMatch(/undefined|\[object Object\]/);
  });
});
