import { existsSync, readdirSync, readFileSync } from 'node:fs';
import type { Composition, Resource } from '@medplum/fhirtypes';
import { describe, expect, it, vi } from 'vitest';
import { isExactDecimal, parseExact, stringifyExact } from '../../../../domain/fhir/exact-json.ts';
import type { ResourceJson } from '../../../../domain/sync/operation.ts';
import { consultationLists } from '../../../../record-service/export/consultation-lists.ts';
import { convertBundle } from '../../../../record-service/import/convert-bundle.ts';
import { sourceSystemOf } from '../../../../record-service/import/source-system.ts';
import { validate } from '../../../../record-service/validation/validate.ts';

// A guard against an endless loop, not a measure.
vi.setConfig({ testTimeout: 300_000 });

const RECORDS = new URL('../../../../../shared/data/gp-records/', import.meta.url);
const files = existsSync(RECORDS) ? readdirSync(RECORDS).filter((name) => name.endsWith('.json')) : [];

interface SourceList {
  readonly id: string;
  readonly title?: string;
  readonly code: { readonly coding: readonly { readonly code: string }[] };
  readonly entry?: readonly { readonly item: { readonly reference: string } }[];
}

/** What R4 writes in other words: the code or name alone tells nothing that is lost. */
const RENAMED =
  /^(unk|has-member|derived-from|snapshot|system|event-date|numberOfRepeatPrescriptionsIssued|https?:\/\/(fhir\.nhs\.uk|fhir\.hl7\.org\.uk|hl7\.org)\/.*|[A-Z][A-Za-z]+\/.+)$/;

/** Every word and number of a source entry but its metadata, its type and its own id. */
function leaves(value: unknown, path = ''): { readonly path: string; readonly text: string }[] {
  if (isExactDecimal(value)) return [{ path, text: value.rawJSON }];
  if (Array.isArray(value)) return value.flatMap((item) => leaves(item, path));
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value).flatMap(([key, item]) =>
      path === '' && ['meta', 'resourceType', 'id', 'contained'].includes(key)
        ? []
        : leaves(item, `${path}.${key}`),
    );
  }
  return typeof value === 'string' || typeof value === 'number' ? [{ path, text: `${value}` }] : [];
}

describe.skipIf(files.length === 0)(
  'the shared GP records (../shared/data/gp-records, where present)',
  () => {
    describe.each(files.map((name, position) => ({ name, position })))('record $position', ({ name }) => {
      const bundle = files.length === 0 ? {} : parseExact(readFileSync(new URL(name, RECORDS), 'utf8'));
      const source = (bundle as { entry: { resource: Record<string, unknown> }[] }).entry.map(
        (entry) => entry.resource,
      );
      const { resources, report } = convertBundle(bundle, {
        organisation: 'A99999',
        sourceSystem: sourceSystemOf(bundle) ?? '',
        validate: (resource) =>
          validate(resource as unknown as ResourceJson).errors.map((issue) => issue.details?.text ?? ''),
      });
      const byName = new Map(
        resources.map((resource) => [`${resource.resourceType}/${resource.id ?? ''}`, resource]),
      );

      it('is converted with nothing unexplained, refused or kept whole', () => {
        expect(report.unexplained).toBe(0);
        expect(report.outcomes).toMatchObject({ refused: 0, 'kept-whole': 0, duplicate: 0 });
        expect(resources.flatMap((resource) => validate(resource as unknown as ResourceJson).errors)).toEqual(
          [],
        );
      });

      it('loses no word and no number', () => {
        const lost: string[] = [];
        for (const detail of report.details) {
          const position = Number(/\d+/.exec(detail.path)?.[0]);
          const texts = new Set(
            detail.into.flatMap((into) => leaves(byName.get(into), 'kept')).map((leaf) => leaf.text),
          );
          for (const { path, text } of leaves(source[position])) {
            if (!RENAMED.test(text) && !texts.has(text)) lost.push(`${detail.type}${path} = ${text}`);
          }
        }
        expect(lost).toEqual([]);
      });

      it('keeps every consultation, its topics, headings and entries in their order', () => {
        const lists = source.filter(
          (resource) => resource['resourceType'] === 'List',
        ) as unknown as SourceList[];
        const sourceById = new Map(lists.map((list) => [list.id, list]));
        const idOf = new Map(
          report.details.map((detail) => [`${detail.type}/${detail.sourceId ?? ''}`, detail.into[0] ?? '']),
        );
        const told = (list: SourceList): unknown => ({
          title: list.title,
          code: list.code.coding[0]?.code,
          entries: (list.entry ?? []).map(({ item: { reference } }) => {
            const nested = reference.startsWith('List/') ? sourceById.get(reference.slice(5)) : undefined;
            return nested ? told(nested) : idOf.get(reference);
          }),
        });
        const consultations = lists.filter((list) => list.code.coding[0]?.code === '325851000000107');
        const kept = resources.filter(
          (resource): resource is Composition => resource.resourceType === 'Composition',
        );
        expect(kept).toHaveLength(consultations.length);
        for (const consultation of consultations) {
          const composition = byName.get(idOf.get(`List/${consultation.id}`) ?? '') as Composition;
          const written = consultationLists(composition);
          const writtenById = new Map(written.map((list) => [list.id, list]));
          const toldAgain = (id: string): unknown => {
            const list = writtenById.get(id);
            return {
              title: list?.title,
              code: list?.code.coding[0]?.code,
              entries: list?.entry.map(({ item: { reference } }) =>
                reference.startsWith('List/') ? toldAgain(reference.slice(5)) : reference,
              ),
            };
          };
          expect(toldAgain(consultation.id)).toEqual(told(consultation));
        }
      });

      it('stays within one patient', () => {
        const patients = new Set(stringifyExact(resources).match(/Patient\/[0-9a-f-]{36}/g));
        expect(patients.size).toBe(1);
        const shared = new Set([
          'Organization',
          'Practitioner',
          'PractitionerRole',
          'Location',
          'HealthcareService',
        ]);
        const belongs = (resource: Resource): boolean =>
          resource.resourceType === 'Patient' ||
          shared.has(resource.resourceType) ||
          /"Patient\/[0-9a-f-]{36}"/.test(stringifyExact(resource));
        expect(resources.filter((resource) => !belongs(resource))).toEqual([]);
      });
    });

    it('shares no clinical resource between records', () => {
      const seen = new Map<string, string>();
      for (const name of files) {
        const bundle = parseExact(readFileSync(new URL(name, RECORDS), 'utf8'));
        const { resources } = convertBundle(bundle, { organisation: 'A99999', sourceSystem: 'one system' });
        for (const resource of resources) {
          const text = stringifyExact(resource);
          const key = `${resource.resourceType}/${resource.id ?? ''}`;
          // What two records share (staff, places) is the same to the letter, whichever file comes first.
          expect(seen.get(key) ?? text).toBe(text);
          if (seen.has(key)) expect(text).not.toContain('Patient/');
          seen.set(key, text);
        }
      }
    });
  },
);
