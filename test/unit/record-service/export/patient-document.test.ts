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

  it('names no patient in its title', () => {
    expect(/<title>(.*)<\/title>/.exec(html)?.[1]).toBe('Patient record');
    expect(html).not.toContain(`<title>${ONE.family}`);
  });

  it('refuses a record without a patient', () => {
    expect(() => patientDocument([], 'now')).toThrow(RangeError);
  });
});
