import { existsSync, readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import type { Resource } from '@medplum/fhirtypes';
import { parseExact, stringifyExact } from '../../../../domain/fhir/exact-json.ts';
import type { ResourceJson } from '../../../../domain/sync/operation.ts';
import { convertBundle } from '../../../../record-service/import/convert-bundle.ts';
import { validate } from '../../../../record-service/validation/validate.ts';
import { mutateStu3 } from '../../../fixtures/gp-connect/mutate-stu3.ts';
import { ONE, OTHER, syntheticRecord } from '../../../fixtures/gp-connect/synthetic-record.ts';

const faultsOf = (resource: unknown): string[] =>
  validate(resource as ResourceJson).errors.map((issue) => issue.details?.text ?? 'fault');
// A guard against an endless loop, not a measure.
vi.setConfig({ testTimeout: 300_000 });

const options = { organisation: 'A99999', sourceSystem: 'https://source.example', validate: faultsOf };

const entriesOf = (text: string): unknown[] => (parseExact(text) as { entry: unknown[] }).entry;

/** A marker in every text of a patient, so that it can be seen where those texts end up. */
function marked(bundleText: string, mark: string): unknown[] {
  return entriesOf(bundleText.replaceAll(/"(text|comment|display|title|description)":"/g, `"$1":"${mark} `));
}

/** Whatever the damage, these hold. */
function expectSound(
  resources: readonly Resource[],
  report: ReturnType<typeof convertBundle>['report'],
): void {
  expect(report.unexplained).toBe(0);
  expect(Object.values(report.outcomes).reduce((sum, count) => sum + count, 0)).toBe(report.entries);
  for (const { outcome, into, reasons } of report.details) {
    if (outcome === 'converted' || outcome === 'folded' || outcome === 'kept-whole')
      expect(into.length).toBeGreaterThan(0);
    if (outcome === 'refused' || outcome === 'kept-whole') expect(reasons.length).toBeGreaterThan(0);
  }
  const names = resources.map((resource) => `${resource.resourceType}/${resource.id ?? ''}`);
  expect(new Set(names).size).toBe(names.length);
  expect(resources.flatMap(faultsOf)).toEqual([]);
  const known = new Set(names);
  const text = stringifyExact(resources);
  for (const [, reference] of text.matchAll(/"reference":"([A-Z][A-Za-z]+\/[0-9a-f-]{36})"/g)) {
    expect(known.has(reference ?? ''), `${reference ?? ''} leads nowhere`).toBe(true);
  }
}

describe('a damaged source', () => {
  it('is explained entry by entry, gives valid resources and no reference that leads nowhere', () => {
    const bundle = parseExact(syntheticRecord());
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 31 }), (seed) => {
        const { resources, report } = convertBundle(mutateStu3(bundle, seed), options);
        expectSound(resources, report);
      }),
      { numRuns: 50 },
    );
  });

  it('never lets words of one patient land on another, whatever ids they share', () => {
    const bundle = {
      entry: [...marked(syntheticRecord(ONE), 'MARK-ONE'), ...marked(syntheticRecord(OTHER), 'MARK-TWO')],
    };
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 31 }), (seed) => {
        const mutated = mutateStu3(bundle, seed) as { entry: { resource: Record<string, unknown> }[] };
        // An entry that damage itself gave to the other patient is, in the file, that patient's.
        const isMoved = mutated.entry.some(({ resource }) => {
          const text = stringifyExact(resource);
          const owner = stringifyExact([resource['subject'], resource['patient']]);
          return (
            (owner.includes(`Patient/${ONE.id}`) && text.includes('MARK-TWO')) ||
            (owner.includes(`Patient/${OTHER.id}`) && text.includes('MARK-ONE')) ||
            (resource['resourceType'] === 'Patient' &&
              resource['id'] !== ONE.id &&
              resource['id'] !== OTHER.id)
          );
        });
        const { resources, report } = convertBundle(mutated, options);
        expectSound(resources, report);
        if (isMoved) return;
        const people = resources.filter((resource) => resource.resourceType === 'Patient');
        for (const person of people) {
          const own =
            stringifyExact(person).includes(ONE.nhsNumber) || person.name?.[0]?.family === ONE.family
              ? 'MARK-ONE'
              : 'MARK-TWO';
          const foreign = own === 'MARK-ONE' ? 'MARK-TWO' : 'MARK-ONE';
          for (const resource of resources) {
            const text = stringifyExact(resource);
            const decoded = text.replaceAll(/"data":"([^"]*)"/g, (_all, data: string) =>
              Buffer.from(data, 'base64').toString('utf8'),
            );
            // The shared medicines and staff are of no patient and carry either mark.
            const isShared = /"(Practitioner|Organization|Location)"/.test(`"${resource.resourceType}"`);
            if (isShared || !text.includes(`"Patient/${person.id ?? ''}"`)) continue;
            const words =
              resource.resourceType === 'MedicationRequest' || resource.resourceType === 'MedicationStatement'
                ? withoutMedicine(decoded)
                : decoded;
            expect(
              words.includes(foreign),
              `${resource.resourceType} of one patient holds words of the other`,
            ).toBe(false);
          }
        }
      }),
      { numRuns: 50 },
    );
  });
});

function withoutMedicine(text: string): string {
  const value = JSON.parse(text) as Record<string, unknown>;
  delete value['medicationCodeableConcept'];
  return JSON.stringify(value);
}

const RECORDS = new URL('../../../../../shared/data/gp-records/', import.meta.url);

describe.skipIf(!existsSync(RECORDS))(
  'damaged shared records (../shared/data/gp-records, where present)',
  () => {
    const files = existsSync(RECORDS) ? readdirSync(RECORDS).filter((name) => name.endsWith('.json')) : [];
    it.each(files.map((_name, position) => position))(
      'record %i stays explained under damage',
      (position) => {
        const bundle = parseExact(readFileSync(new URL(files[position] ?? '', RECORDS), 'utf8'));
        for (let seed = 1; seed <= 2; seed += 1) {
          const { resources, report } = convertBundle(mutateStu3(bundle, seed * 7919 + position), options);
          expectSound(resources, report);
        }
      },
    );
  },
);
