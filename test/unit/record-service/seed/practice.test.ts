import { existsSync, readFileSync } from 'node:fs';
import type { Composition, Resource } from '@medplum/fhirtypes';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { readNhsNumber } from '../../../../domain/clinical/nhs-number.ts';
import type { ResourceJson } from '../../../../domain/sync/operation.ts';
import { SEED_CONCEPTS } from '../../../../record-service/seed/concepts.ts';
import { demoOrganisation, demoStaff } from '../../../../record-service/seed/demo-practice.ts';
import { nhsNumbers } from '../../../../record-service/seed/people.ts';
import { generatePractice } from '../../../../record-service/seed/practice.ts';
import { validate } from '../../../../record-service/validation/validate.ts';

// A guard against an endless loop, not a measure.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

const options = { patients: 120, days: 3, today: '2026-11-22', nowMinutes: 10 * 60 };

describe('generatePractice', () => {
  let records: (readonly Resource[])[] = [];
  let all: Resource[] = [];
  beforeAll(() => {
    records = [...generatePractice(options)];
    all = records.flat();
  });

  it('is the same for the same options and another for another seed', () => {
    expect(JSON.stringify([...generatePractice(options)])).toBe(JSON.stringify(records));
    expect(JSON.stringify([...generatePractice({ ...options, seed: 2 })])).not.toBe(JSON.stringify(records));
  });

  it('is valid R4, every id once', () => {
    // Every tenth record is checked: validating takes most of this file's time.
    const sample = records.filter((_record, position) => position % 10 === 0).flat();
    expect(sample.flatMap((resource) => validate(resource as unknown as ResourceJson).errors)).toEqual([]);
    const names = all.map((resource) => `${resource.resourceType}/${resource.id ?? ''}`);
    expect(new Set(names).size).toBe(names.length);
  });

  it('ends no problem on a day to come, and calls no child Mrs', () => {
    const ends = all.flatMap((one) =>
      one.resourceType === 'Condition' ? (one.abatementDateTime ?? []) : [],
    );
    expect(ends.length).toBeGreaterThan(0);
    expect(ends.filter((end) => end.slice(0, 10) > options.today)).toEqual([]);
    const children = all.filter((one) => one.resourceType === 'Patient' && (one.birthDate ?? '') > '2011');
    expect(children.length).toBeGreaterThan(0);
    expect(JSON.stringify(children)).not.toMatch(/"(Mrs|Ms|Mr)"/);
  });

  it('refers only to what is there', () => {
    const names = new Set(all.map((resource) => `${resource.resourceType}/${resource.id ?? ''}`));
    const missing = [...JSON.stringify(all).matchAll(/"reference":"([^"]+)"/g)].filter(
      ([, name]) => !names.has(name ?? ''),
    );
    expect(missing.map(([, name]) => name)).toEqual([]);
  });

  it('keeps a record within its patient', () => {
    for (const record of records) {
      const patient = record.find((resource) => resource.resourceType === 'Patient');
      if (!patient) continue;
      const named = new Set(JSON.stringify(record).match(/Patient\/[0-9a-f-]{36}/g) ?? []);
      named.delete(`Patient/${patient.id ?? ''}`);
      expect([...named]).toEqual([]);
    }
  });

  it('gives test NHS numbers with a valid check digit, each once, and temporary patients none', () => {
    const patients = all.filter((resource) => resource.resourceType === 'Patient');
    expect(patients).toHaveLength(options.patients);
    const numbers = patients
      .flatMap((patient) => patient.identifier ?? [])
      .filter((identifier) => identifier.system?.endsWith('nhs-number'));
    expect(new Set(numbers.map((number) => number.value)).size).toBe(numbers.length);
    for (const { value } of numbers)
      expect(readNhsNumber(value ?? '', { allowTestRange: true })).toMatchObject({ ok: true, range: 'test' });
  });

  it('has the demonstration staff, households, and consultations in the shape of an import', () => {
    const names = new Set(all.map((resource) => `${resource.resourceType}/${resource.id ?? ''}`));
    expect(names.has(`Organization/${demoOrganisation.id}`)).toBe(true);
    for (const staff of Object.values(demoStaff))
      expect(names.has(`Practitioner/${staff.practitionerId}`)).toBe(true);
    const composition = all.find(
      (resource): resource is Composition => resource.resourceType === 'Composition',
    );
    expect(composition?.type.coding?.[0]?.code).toBe('325851000000107');
    expect(composition?.section?.[0]?.code?.coding?.[0]?.code).toBe('25851000000105');
    expect(composition?.section?.[0]?.section?.[0]?.code?.coding?.[0]?.code).toBe('24781000000107');
    const addresses = all.flatMap((resource) =>
      resource.resourceType === 'Patient' ? [JSON.stringify(resource.address)] : [],
    );
    expect(new Set(addresses).size).toBeLessThan(addresses.length * 0.75);
  });

  it('holds a surgery today that stands where the clock says', () => {
    const today = all
      .filter((resource) => resource.resourceType === 'Appointment')
      .filter((one) => one.start?.startsWith(options.today));
    expect(today.length).toBeGreaterThan(40);
    const states = new Set(today.map((one) => one.status));
    expect(states).toContain('fulfilled');
    expect(states).toContain('booked');
    for (const one of today) {
      if (one.status === 'fulfilled') expect(one.start?.slice(11, 16).localeCompare('10:00')).toBeLessThan(0);
      if (one.status === 'booked') expect(one.start?.slice(11, 16).localeCompare('10:00')).toBeGreaterThan(0);
    }
  });

  it('dates nothing clinical after today', () => {
    const later = all.filter((resource) => {
      if (['Appointment', 'Slot', 'Schedule', 'ServiceRequest', 'Task'].includes(resource.resourceType))
        return false;
      const dates = [
        ...JSON.stringify(resource).matchAll(
          /"(?:effectiveDateTime|date|occurrenceDateTime|authoredOn|onsetDateTime|recordedDate)":"(\d{4}-\d{2}-\d{2})/g,
        ),
      ];
      return dates.some(([, date]) => (date ?? '') > options.today);
    });
    expect(later).toEqual([]);
  });

  it('never prescribes a penicillin to somebody allergic to it', () => {
    const penicillins: ReadonlySet<string> = new Set([
      SEED_CONCEPTS.amoxicillin[0],
      SEED_CONCEPTS.flucloxacillin[0],
    ]);
    let allergic = 0;
    for (const record of records) {
      const isAllergic = record.some(
        (resource) =>
          resource.resourceType === 'AllergyIntolerance' &&
          resource.code?.coding?.[0]?.code === SEED_CONCEPTS.penicillinAllergy[0],
      );
      if (!isAllergic) continue;
      allergic += 1;
      for (const resource of record) {
        if (resource.resourceType !== 'MedicationRequest') continue;
        expect(penicillins.has(resource.medicationCodeableConcept?.coding?.[0]?.code ?? '')).toBe(false);
      }
    }
    expect(allergic).toBeGreaterThan(2);
  });

  it('refuses a today that is no date', () => {
    expect(() => [...generatePractice({ ...options, today: '22/11/2026' })]).toThrow(RangeError);
  });
});

describe('nhsNumbers', () => {
  it('gives 60,000 numbers without a repeat', () => {
    const numbers = nhsNumbers();
    const seen = new Set(Array.from({ length: 60_000 }, () => numbers.next().value));
    expect(seen.size).toBe(60_000);
  });
});

const TERMINOLOGY = new URL('../../../../../shared/data/terminology/', import.meta.url);

describe.skipIf(!existsSync(TERMINOLOGY))(
  'codes of the seed (../shared/data/terminology, where present)',
  () => {
    it('are known, with the term that the sources give', () => {
      const observed = termsOf('snomed-observed.tsv');
      const patientSet = termsOf('snomed-gps.tsv');
      const faults: string[] = [];
      for (const [name, [code, term]] of Object.entries(SEED_CONCEPTS)) {
        const given = [observed.get(code)]
          .concat(patientSet.get(code)?.replace(/ \([a-z ]+\)$/, ''))
          .filter((one) => one !== undefined);
        if (given.length === 0) faults.push(`${name} ${code} is in neither file`);
        else if (!given.some((one) => one.toLowerCase() === term.toLowerCase()))
          faults.push(`${name} ${code}: ${given.join(' | ')}, not ${term}`);
      }
      expect(faults).toEqual([]);
    });
  },
);

function termsOf(file: string): Map<string, string> {
  const lines = readFileSync(new URL(file, TERMINOLOGY), 'utf8').split('\n').slice(1);
  return new Map(
    lines.map((line): [string, string] => {
      const [code = '', term = ''] = line.split('\t');
      return [code, term];
    }),
  );
}
