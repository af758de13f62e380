/** Clinical rules over whole records as a live GP system exports them. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import type { AllergyIntolerance, Observation, Patient, Resource } from '@medplum/fhirtypes';
import { describe, expect, it } from 'vitest';
import { parseExact, parseForView, stringifyExact } from '../../../../domain/fhir/exact-json.ts';
import { patientBanner } from '../../../../domain/clinical/banner.ts';
import { combinedSafety } from '../../../../domain/clinical/combined-safety.ts';
import { convertBundle } from '../../../../record-service/import/convert-bundle.ts';
import { opened } from '../record/fixtures.ts';
import { medicines } from './medicines.ts';

const folder = '../shared/data/gp-records';

describe.skipIf(!existsSync(folder))('imported records (skipped without ../shared/data/gp-records)', () => {
  const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.json')) : [];
  const records = new Map(
    files.map((file) => {
      const { resources } = convertBundle(parseExact(readFileSync(`${folder}/${file}`, 'utf8')), {
        organisation: 'A99999',
        sourceSystem: 'https://source.example',
      });
      return [file, resources.map((one) => parseForView(stringifyExact(one)) as Resource)] as const;
    }),
  );

  it.each([
    ['9465698490_Daniels.json', 'Known allergies'],
    ['9465699918_Magre.json', 'Known allergies'],
    ['9465700193_Birdi.json', 'No known allergies'],
    ['9465701483_Dougill.json', 'Allergies not recorded'],
  ])('%s: %s', (file, title) => {
    expect(bannerOf(records.get(file) ?? []).allergies.title).toBe(title);
  });

  it.each(files)('%s: the banner is whole and its NHS number that of the file', (file) => {
    const banner = bannerOf(records.get(file) ?? []);
    expect(banner.nhsNumber.value.replaceAll(' ', '')).toBe(file.slice(0, 10));
    expect(banner.name).toMatch(/^[^a-z]+, \p{Lu}/u);
    expect(banner.born.value).toMatch(/^\d{2}-[A-Z][a-z]{2}-\d{4}$/);
    expect(banner.age).not.toBeNull();
  });

  it.each(files)('%s: every blood pressure is drawn or said', (file) => {
    const panels = of<Observation>(records.get(file) ?? [], 'Observation').filter((one) =>
      one.code.coding?.some(({ code }) => code === '163020007'),
    );
    const shown = opened(panels);
    const lengths = (lists: readonly (readonly unknown[])[]) =>
      lists.reduce((sum, { length }) => sum + length, 0);
    const series = shown.view('series');
    const drawn =
      lengths(series.map(({ points }) => points)) + lengths(series.map(({ notPlotted }) => notPlotted));
    const valued = lengths(shown.view('observations').map(({ readings }) => readings));
    expect(valued).toBe(panels.length);
    // A kind of which nothing at all can be drawn has no graph: its readings stand in the results.
    if (series.length > 0) expect(drawn).toBe(panels.length);
  });

  it.each(files)('%s: no finding rests on what is not named', (file) => {
    const findings = combinedSafety(
      (records.get(file) ?? []).map((resource) => ({
        resource,
        author: { id: 'a', name: 'A' },
        recorded: '2026',
        arrived: true,
      })),
      medicines,
      '2026-11-22',
    );
    for (const { words } of findings) expect(words).not.toMatch(/\bunknown\b|not named/i);
    expect(new Set(findings.map(({ key }) => key)).size).toBe(findings.length);
  });
});

function of<T extends Resource>(resources: readonly Resource[], type: T['resourceType']): T[] {
  return resources.filter((resource): resource is T => resource.resourceType === type);
}

function bannerOf(resources: readonly Resource[]): ReturnType<typeof patientBanner> {
  const [patient] = of<Patient>(resources, 'Patient');
  if (!patient) throw new Error('no patient');
  return patientBanner({
    patient,
    allergies: of<AllergyIntolerance>(resources, 'AllergyIntolerance'),
    allergyState: { available: true },
    now: '2026-11-22T10:00:00Z',
  });
}
