import type { Resource } from '@medplum/fhirtypes';
import { describe, expect, it } from 'vitest';
import { parseExact } from '../../../../domain/fhir/exact-json.ts';
import { patientDocument } from '../../../../record-service/export/patient-document.ts';
import { convertBundle } from '../../../../record-service/import/convert-bundle.ts';
import { ONE, syntheticRecord } from '../../../fixtures/gp-connect/synthetic-record.ts';

const { resources } = convertBundle(parseExact(syntheticRecord()), {
  organisation: 'A99999',
  sourceSystem: 'test',
});
const html = patientDocument(resources, '2026-11-22T10:00:00Z');

describe('patientDocument', () => {
  it('says whose it is, that it is confidential, and when it was read', () => {
    expect(html).toContain('NHS Confidential: Personal Data about a patient');
    expect(html).toContain('TESTCASE, Ann');
    expect(html).toContain('NHS No. 999 000 0018');
    expect(html).toContain('Born 03-Feb-1970');
    expect(html).toContain('Record as read at 2026-11-22T10:00:00Z');
    expect(html).toContain('counter(page) " of " counter(pages)');
  });

  it('says whose it is at the head of every page, and never where a protected patient lives', () => {
    const heads = (text: string) => /<thead>(.*?)<\/thead>/s.exec(text)?.[1] ?? '';
    expect(heads(html)).toContain('TESTCASE, Ann');
    expect(heads(html)).toContain('NHS No. 999 000 0018');
    const hidden = patientDocument(
      resources.map((resource) =>
        resource.resourceType === 'Patient'
          ? { ...resource, meta: { security: [{ code: 'R' }] }, address: [{ line: ['7 Elsewhere'] }] }
          : resource,
      ),
      '2026-11-22T10:00:00Z',
    );
    expect(hidden).toContain('Protected patient: address not given');
    expect(hidden).not.toContain('7 Elsewhere');
  });

  it('keeps headings in order and values as written', () => {
    expect(html).toContain('8.000 Banana');
    expect(html.indexOf('<h5>History</h5>')).toBeLessThan(html.indexOf('<h5>Plan</h5>'));
    expect(html).toContain('Ear wax syringe H/O');
    expect(html).toContain('may be missing.');
  });

  it('never turns text of a record into markup', () => {
    const [patient] = resources.filter((resource) => resource.resourceType === 'Patient');
    const evil: Resource[] = [
      {
        ...patient,
        resourceType: 'Patient',
        name: [{ family: '<script>alert(1)</script>', given: ['"onload="x'] }],
      },
      {
        resourceType: 'Observation',
        id: 'x',
        status: 'final',
        code: { text: '<img src=x onerror=alert(1)>' },
        note: [{ text: "'><svg/onload=alert(2)>" }],
      },
    ];
    const written = patientDocument(evil, '<b>now</b>');
    expect(written).not.toMatch(/<script|<img|<svg|<b>/i);
    expect(written).toContain('&lt;img src=x onerror=alert(1)&gt;');
  });

  const patient = resources.find((resource) => resource.resourceType === 'Patient');
  if (!patient) throw new Error('the fixture has a patient');
  const subject = { reference: 'Patient/P1' };
  const documentOf = (...more: readonly object[]): string =>
    patientDocument([patient, ...(more as readonly Resource[])], 'now');
  const allergy = (id: string, text: string, verification: string, more: object = {}): object => ({
    resourceType: 'AllergyIntolerance',
    id,
    patient: subject,
    code: { text },
    verificationStatus: { coding: [{ code: verification }] },
    ...more,
  });

  it('says that its allergies and alerts warn at this practice only, where it has any (H-009, H-019)', () => {
    const words = 'Allergies and alerts warn at this practice only: other services are not warned';
    expect(documentOf(allergy('a', 'Nuts', 'confirmed'))).toContain(words);
    expect(
      documentOf({ resourceType: 'Flag', id: 'f', status: 'active', subject, code: { text: 'Alert' } }),
    ).toContain(words);
    expect(documentOf()).not.toContain(words);
  });

  it('sets what was entered in error apart, struck through and with its reason, and counts it nowhere', () => {
    const reason = [
      {
        url: 'https://gladstone.example/fhir/StructureDefinition/entered-in-error-reason',
        valueString: 'Wrong patient',
      },
      {
        url: 'https://gladstone.example/fhir/StructureDefinition/entered-in-error-by',
        extension: [
          { url: 'author', valueString: 'Dr Una Bell' },
          { url: 'when', valueDateTime: '2026-11-22T10:04:09Z' },
        ],
      },
    ];
    const written = documentOf(
      allergy('a', 'Penicillin', 'entered-in-error', { extension: reason }),
      allergy('b', 'Nuts', 'refuted'),
      { resourceType: 'Observation', id: 'o', status: 'entered-in-error', subject, code: { text: 'Pulse' } },
      {
        resourceType: 'Composition',
        id: 'k',
        status: 'final',
        title: 'GP surgery',
        author: [],
        section: [{ title: 'Examination', entry: [{ reference: 'Observation/o', display: 'Pulse' }] }],
      },
    );
    const [before = '', mistakes = ''] = written.split('<h2>Entered in error</h2>');
    expect(before).not.toContain('Penicillin');
    expect(before).toContain('Nuts — refuted');
    expect(mistakes).toContain(
      '<s>Penicillin</s> — Entered in error: Wrong patient (Dr Una Bell, 22-Nov-2026)',
    );
    expect(before).toMatch(/<s>[^<]*Pulse<\/s> — Entered in error: no reason recorded/);
    expect(/<h2>Results and measurements<\/h2><p>None recorded<\/p>/.test(before)).toBe(true);
    expect(html).not.toContain('<h2>Entered in error</h2>');
  });

  it('leaves out what is marked as sensitive and says how many; of safeguarding it says nothing (H-036)', () => {
    const marked = { security: [{ code: 'third-party', display: 'Third party' }] };
    const condition = (id: string, text: string, more: object = {}): object => ({
      resourceType: 'Condition',
      id,
      subject,
      code: { text },
      ...more,
    });
    const written = documentOf(
      { resourceType: 'Flag', id: 'f', status: 'active', subject, code: { text: 'Safeguarding: plan' } },
      condition('c', 'Words of a neighbour', { meta: marked }),
      condition('d', 'Coded within', { encounter: { reference: 'Encounter/e' } }),
      condition('n', 'Asthma', { meta: { security: [{ code: 'N' }] } }),
      {
        resourceType: 'Composition',
        id: 'marked',
        status: 'final',
        title: 'Marked consultation',
        author: [],
        encounter: { reference: 'Encounter/e' },
        meta: marked,
      },
      {
        resourceType: 'Composition',
        id: 'open',
        status: 'final',
        title: 'Open consultation',
        author: [],
        section: [
          {
            title: 'Words of a neighbour',
            focus: { reference: 'Condition/c' },
            section: [
              {
                title: 'Problem',
                entry: [{ reference: 'Condition/c', display: 'Words of a neighbour' }],
              },
            ],
          },
        ],
      },
    );
    expect(written).toContain('Asthma');
    expect(written).toContain('Open consultation');
    expect(written).not.toMatch(/neighbour|Coded within|Marked consultation|Safeguarding/);
    expect(written).toContain('3 entries marked as sensitive are left out of this document.');
    expect(html).not.toContain('left out of this document');
  });

  it('has the free text of a consultation, and says what is interim (hazards 20, 28)', () => {
    const written = documentOf(
      {
        resourceType: 'Composition',
        id: 'k',
        status: 'final',
        title: 'GP surgery',
        author: [],
        section: [
          {
            title: 'History',
            text: { status: 'generated', div: '<div>Wheeze &lt;2/52<br/>at night</div>' },
          },
        ],
      },
      {
        resourceType: 'DiagnosticReport',
        id: 'r',
        status: 'preliminary',
        code: { text: 'Blood culture' },
        conclusion: 'Growth at 24 h',
      },
      { resourceType: 'Observation', id: 'o', status: 'preliminary', code: { text: 'CRP' } },
    );
    expect(written).toContain('<h4>History</h4><ul><li>Wheeze &lt;2/52</li><li>at night</li></ul>');
    expect(written).toContain('Blood culture — interim: preliminary — Growth at 24 h');
    expect(written).toMatch(/CRP — interim: preliminary/);
  });

  it('names no patient in its title', () => {
    expect(/<title>(.*)<\/title>/.exec(html)?.[1]).toBe('Patient record');
    expect(html).not.toContain(`<title>${ONE.family}`);
  });

  it('refuses a record without a patient', () => {
    expect(() => patientDocument([], 'now')).toThrow(RangeError);
  });
});
