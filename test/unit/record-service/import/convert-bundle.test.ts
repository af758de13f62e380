import type { Composition, MedicationRequest, Observation, Resource } from '@medplum/fhirtypes';
import { describe, expect, it } from 'vitest';
import { parseExact, stringifyExact } from '../../../../domain/fhir/exact-json.ts';
import type { ResourceJson } from '../../../../domain/sync/operation.ts';
import { consultationLists } from '../../../../record-service/export/consultation-lists.ts';
import { convertBundle } from '../../../../record-service/import/convert-bundle.ts';
import { sourceSystemOf } from '../../../../record-service/import/source-system.ts';
import { reportText } from '../../../../record-service/import/report.ts';
import { validate } from '../../../../record-service/validation/validate.ts';
import { ONE, OTHER, syntheticRecord } from '../../../fixtures/gp-connect/synthetic-record.ts';

const faultsOf = (resource: unknown): string[] =>
  validate(resource as ResourceJson).errors.map(
    (issue) => `${issue.details?.text ?? ''} ${issue.expression?.join() ?? ''}`,
  );

function convert(
  text: string,
  sourceSystem = 'https://source.example/Z99999',
): ReturnType<typeof convertBundle> {
  return convertBundle(parseExact(text), { organisation: 'A99999', sourceSystem, validate: faultsOf });
}

const { resources, report } = convert(syntheticRecord());

function bySource(type: 'MedicationRequest', id: string): MedicationRequest;
function bySource(type: 'List', id: string): Composition;
function bySource(type: string, id: string): Resource;
function bySource(type: string, id: string): Resource {
  const found = resources.find((resource) => resource.meta?.source?.endsWith(`#${type}/${id}`));
  if (!found) throw new Error(`nothing came of ${type}/${id}`);
  return found;
}

describe('convertBundle', () => {
  it('gives every entry an outcome, and valid R4', () => {
    expect(report.unexplained).toBe(0);
    expect(report.outcomes).toMatchObject({ 'kept-whole': 1, refused: 0, duplicate: 0 });
    expect(Object.values(report.outcomes).reduce((sum, count) => sum + count, 0)).toBe(report.entries);
    expect(resources.flatMap(faultsOf)).toEqual([]);
  });

  it('keeps an unknown type whole, with a visible degraded entry', () => {
    const kept = resources.find(
      (resource) =>
        resource.resourceType === 'DocumentReference' && resource.meta?.source?.includes('NutritionOrder'),
    );
    expect(kept).toMatchObject({
      type: { coding: [{ code: '196411000000103' }] },
      content: [{ attachment: { contentType: 'application/fhir+json' } }],
    });
    const data = kept?.resourceType === 'DocumentReference' ? (kept.content[0]?.attachment.data ?? '') : '';
    expect(JSON.parse(Buffer.from(data, 'base64').toString('utf8'))).toMatchObject({
      resourceType: 'NutritionOrder',
      status: 'active',
    });
  });

  it('keeps the written form of decimals, units as given, original codes and userSelected', () => {
    const text = stringifyExact(bySource('Observation', 'OB1'));
    expect(text).toContain('"value":8.000,"unit":"Banana"');
    expect(text).toContain('"low":{"value":0.50');
    expect(text).toContain('"code":"44P..00","display":"Serum cholesterol","userSelected":true');
    expect(text).toContain('"note":[{"text":"Degraded once"}]');
  });

  it('keeps headings, entries between them and problem links in order, and writes the nested Lists again', () => {
    const composition = bySource('List', 'C1');
    const [asthma, second] = composition.section ?? [];
    expect(asthma?.title).toBe('Asthma');
    expect(asthma?.section?.map((part) => part.title ?? 'without heading')).toEqual([
      'History',
      'without heading',
      'Plan',
    ]);
    expect(asthma?.section?.[0]?.entry?.map((entry) => entry.reference)).toEqual([
      `Observation/${bySource('Observation', 'OB2').id ?? ''}`,
      `Observation/${bySource('Observation', 'OB1').id ?? ''}`,
    ]);
    expect(asthma?.extension?.[0]?.extension?.[0]?.valueReference?.reference).toBe(
      `Condition/${bySource('Condition', 'PR1').id ?? ''}`,
    );
    expect(asthma?.section?.[2]?.text?.div).toContain('Seen with &lt;mother&gt; &amp; sister');
    expect(second?.section?.[0]?.title).toBe('Comment');

    const lists = consultationLists(composition);
    expect(lists.map((list) => list.id)).toEqual(['C1', 'H1', 'H2', 'T1', 'H3', 'T2']);
    const topic = lists.find((list) => list.id === 'T1');
    expect(topic?.entry.map((entry) => entry.item.reference)).toEqual([
      'List/H1',
      `Observation/${bySource('Observation', 'OB3').id ?? ''}`,
      'List/H2',
    ]);
  });

  it('leads a reference to a folded List to its Composition', () => {
    expect(stringifyExact(bySource('Condition', 'PR1'))).toContain(
      `Composition/${bySource('List', 'C1').id ?? ''}`,
    );
  });

  it('keeps ended allergies apart, empty lists empty, and says that the record is not whole', () => {
    const ended = resources.find(
      (resource) =>
        resource.resourceType === 'AllergyIntolerance' && resource.code?.coding?.[0]?.code === '300916003',
    );
    expect(ended).toMatchObject({ clinicalStatus: { coding: [{ code: 'resolved' }] } });
    const lists = resources.filter((resource) => resource.resourceType === 'List');
    expect(lists.find((list) => list.title === 'Ended allergies')?.entry?.[0]?.item.reference).toBe(
      `AllergyIntolerance/${ended?.id ?? ''}`,
    );
    expect(lists.find((list) => list.title === 'Problems')?.emptyReason?.coding?.[0]?.code).toBe(
      'no-content-recorded',
    );
    const flags = resources.filter((resource) => resource.resourceType === 'Flag');
    expect(flags.map((flag) => flag.category?.[0]?.coding?.[0]?.code).sort()).toEqual([
      'confidential-items',
      'data-in-transit',
    ]);
    expect(flags.map((flag) => flag.code.text).join(' ')).toContain(
      'information recorded before 02-Mar-2020 may be missing.',
    );
  });

  it('carries the medicine in its entry, with course, issues, last issue and who prescribes', () => {
    const plan = bySource('MedicationRequest', 'M1');
    expect(plan.medicationCodeableConcept?.coding?.[0]).toMatchObject({ code: 'SACA', userSelected: true });
    expect(plan.courseOfTherapyType?.coding?.map((coding) => coding.code)).toEqual(['repeat', 'continuous']);
    expect(stringifyExact(plan)).toContain('"url":"numberOfPrescriptionsIssued","valueUnsignedInt":4');
    expect(stringifyExact(plan)).toContain('"doseAndRate":[{"doseQuantity":{"value":2.0,"unit":"puff"}}]');
    const statement = stringifyExact(bySource('MedicationStatement', 'MS1'));
    expect(statement).toContain('Extension-UKCore-MedicationStatementLastIssueDate');
    expect(statement).toContain('prescribed-by-another-organisation');
    expect(report.details.find((detail) => detail.type === 'Medication')).toMatchObject({
      outcome: 'folded',
    });
  });

  it('names people and places in the references to them: a record is carried without theirs', () => {
    expect(stringifyExact(bySource('Encounter', 'E1'))).toContain('"display":"Dr Test Doctor"');
    expect(bySource('List', 'C1').author[0]?.display).toBe('Dr Test Doctor');
  });

  it('sets aside what R4 has no place for, and says so', () => {
    const text = stringifyExact(bySource('Observation', 'OB3'));
    expect(text).toContain('source-element');
    expect(text).toContain('sequel-to');
    expect(report.details.find((detail) => detail.sourceId === 'OB3')?.reasons).toHaveLength(1);
  });

  it('gives the same ids and contents again, and other ids to another organisation or system', () => {
    expect(stringifyExact(convert(syntheticRecord()).resources)).toBe(stringifyExact(resources));
    const ids = new Set(resources.map((resource) => resource.id));
    for (const other of convert(syntheticRecord(), 'https://other.example').resources)
      expect(ids.has(other.id)).toBe(false);
  });

  it('names the source system by the identifiers that most entries carry', () => {
    expect(sourceSystemOf(parseExact(syntheticRecord()))).toBe('https://source.example/Z99999');
    expect(sourceSystemOf({ entry: [] })).toBeUndefined();
  });

  it('holds no content in the report text', () => {
    expect(reportText(report)).not.toMatch(/Testcase|Banana|9990000018|mother/);
  });
});

describe('whose an entry is', () => {
  const merged = (...texts: readonly string[]): string => {
    const entries = texts.flatMap((text) => (parseExact(text) as { entry: unknown[] }).entry);
    return stringifyExact({ resourceType: 'Bundle', entry: entries });
  };

  it('keeps two patients apart who share every clinical id, in two files', () => {
    const other = convert(syntheticRecord(OTHER)).resources;
    const shared = new Set([
      'Organization',
      'Practitioner',
      'Location',
      'PractitionerRole',
      'HealthcareService',
    ]);
    const ids = new Set(
      resources.filter((resource) => !shared.has(resource.resourceType)).map((resource) => resource.id),
    );
    expect(other.filter((resource) => ids.has(resource.id) && !shared.has(resource.resourceType))).toEqual(
      [],
    );
  });

  it('keeps two patients apart who share every clinical id, in one file', () => {
    const both = convert(merged(syntheticRecord(ONE), syntheticRecord(OTHER)));
    expect(both.report.unexplained).toBe(0);
    const patients = both.resources.filter((resource) => resource.resourceType === 'Patient');
    expect(patients).toHaveLength(2);
    const compositions = both.resources.filter((resource) => resource.resourceType === 'Composition');
    expect(compositions).toHaveLength(2);
    for (const composition of compositions) {
      const entries =
        composition.section?.flatMap((topic) => topic.section?.flatMap((part) => part.entry ?? []) ?? []) ??
        [];
      expect(entries.length).toBeGreaterThan(3);
      for (const entry of entries) {
        const target = both.resources.find(
          (resource) => `${resource.resourceType}/${resource.id ?? ''}` === entry.reference,
        );
        expect((target as Observation).subject?.reference).toBe(composition.subject?.reference);
      }
    }
  });

  it('removes a reference to an entry of another patient, and says so', () => {
    const bundle = merged(syntheticRecord(ONE, 'a'), syntheticRecord(OTHER, 'b')).replace(
      '"basedOn":[{"reference":"MedicationRequest/aM1"}]',
      '"basedOn":[{"reference":"MedicationRequest/bM1","display":"Somebody else"}]',
    );
    const { resources: all, report: told } = convert(bundle);
    const order = all.find((resource) => resource.meta?.source?.endsWith('#MedicationRequest/aM1-order'));
    expect(order).toBeDefined();
    expect(stringifyExact(order)).not.toMatch(/basedOn|Somebody else/);
    expect(JSON.stringify(told.details)).toContain('a reference to an entry of another patient was removed');
  });

  it('refuses an entry of a patient who is not in the file, and one that names two', () => {
    const stranger = syntheticRecord().replace(
      '"resourceType":"Immunization","id":"I1"',
      '"resourceType":"Immunization","subject":{"reference":"Patient/P9"},"id":"I1"',
    );
    const refused = convert(stranger).report.details.filter((detail) => detail.outcome === 'refused');
    expect(refused).toMatchObject([{ type: 'Immunization', reasons: ['names two patients'] }]);
    const elsewhere = convert(
      syntheticRecord().replace(/("resourceType":"Immunization".*?)Patient\/P1/, '$1Patient/P9'),
    );
    expect(elsewhere.report.details.filter((detail) => detail.outcome === 'refused')).toMatchObject([
      { type: 'Immunization', reasons: ['names a patient who is not in the file'] },
    ]);
    expect(elsewhere.resources.some((resource) => resource.resourceType === 'Immunization')).toBe(false);
  });

  it('refuses what names a patient id that two people share', () => {
    const bundle = merged(syntheticRecord(ONE), syntheticRecord({ ...OTHER, id: ONE.id }, 'b'));
    const { resources: all, report: told } = convert(bundle);
    expect(all.filter((resource) => resource.resourceType === 'Patient')).toHaveLength(2);
    expect(all.some((resource) => resource.resourceType === 'AllergyIntolerance')).toBe(false);
    expect(told.unexplained).toBe(0);
  });

  it('keeps whole what names no patient', () => {
    const { report: told } = convert(
      syntheticRecord().replace(
        /("resourceType":"ProcedureRequest".*?)"subject":\{"reference":"Patient\/P1"\},/,
        '$1',
      ),
    );
    expect(told.details.find((detail) => detail.type === 'ProcedureRequest')).toMatchObject({
      outcome: 'kept-whole',
      reasons: ['names no patient; check that it belongs to this one'],
    });
  });

  it('takes an equal repeat once and keeps a different one whole', () => {
    const twice = merged(syntheticRecord(), syntheticRecord());
    expect(convert(twice).report.outcomes).toMatchObject({ refused: 0 });
    expect(convert(twice).report.outcomes.duplicate).toBeGreaterThan(20);
    const changed = merged(syntheticRecord(), syntheticRecord().replace('Degraded once', 'Degraded twice'));
    expect(
      convert(changed).report.details.find(
        (detail) => detail.outcome === 'kept-whole' && detail.type === 'Observation',
      )?.reasons,
    ).toEqual(['another entry of the file has the same id and other content']);
  });

  it('keeps an allergy active whose date is odd', () => {
    const odd = convert(
      syntheticRecord().replace('"assertedDate":"2020-01-01"', '"assertedDate":"01/02/2020"'),
    );
    const allergy = odd.resources.find((resource) =>
      resource.meta?.source?.endsWith('#AllergyIntolerance/A1'),
    );
    expect(allergy?.resourceType).toBe('AllergyIntolerance');
    expect(stringifyExact(allergy)).toContain('01/02/2020');
  });

  it('keeps the record of a patient whose name or address is damaged', () => {
    const damaged = syntheticRecord()
      .replace('"family":"Testcase"', '"family":"Test\\u0000case"')
      .replace(
        '"gender":"female"',
        '"gender":"female","address":7,"telecom":[{"system":"pigeon"}],"maritalStatus":["x"]',
      );
    const { resources: all, report: told } = convert(damaged);
    expect(told.outcomes.refused).toBe(0);
    const patient = all.find((resource) => resource.resourceType === 'Patient');
    expect(patient?.name?.[0]?.family).toBe('Test\ufffdcase');
    expect(stringifyExact(patient)).toContain('"valueString":"7"');
    expect(faultsOf(patient)).toEqual([]);
    expect(all.some((resource) => resource.resourceType === 'AllergyIntolerance')).toBe(true);
  });

  it('does not fail on what is no bundle', () => {
    for (const text of ['null', '[]', '{}', '{"entry":7}', '{"entry":[null,{"resource":{}}]}']) {
      expect(convert(text).report.unexplained).toBe(0);
    }
  });
});
