/** Small synthetic records for tests of the cache. Nobody here is real; NHS numbers are of the test range. */
import { createHash } from 'node:crypto';
import type { PendingOperation } from '../../contract/cache-port.ts';
import type { PackHeader } from '../../contract/record-service.ts';
import type { DirectoryEntry } from '../../domain/record/directory-entry.ts';
import { manifestLines, readPack } from '../../domain/record/pack.ts';
import type { PatientId } from '../../domain/identifiers.ts';

export function patientId(index: number): PatientId {
  return `00000000-0000-4000-8000-${String(index).padStart(12, '0')}` as PatientId;
}

export function directoryEntry(index: number): DirectoryEntry {
  return {
    id: patientId(index),
    family: 'Testford',
    given: [`Given${index}`],
    birthDate: '1961-01-05',
    gender: 'female',
    nhsNumber: String(9_434_760_000 + index),
    phones: [],
    protectedPatient: false,
    registration: 'registered',
    safety: { allergyTitle: 'Allergies not recorded', allergies: [], flags: [] },
    pack: { resources: 3, bytes: 600 },
  };
}

export function resourceText(
  patient: string,
  resourceType: string,
  id: string,
  version: number,
  elements: Readonly<Record<string, unknown>>,
): string {
  return JSON.stringify({
    resourceType,
    id,
    meta: { versionId: String(version), lastUpdated: '2026-11-22T09:00:00Z' },
    ...(resourceType === 'Patient' ? {} : { subject: { reference: `Patient/${patient}` } }),
    ...elements,
  });
}

/** A patient with a problem and a weight, as the service would send it. */
export function pack(index: number, validAt: number): { readonly header: PackHeader; readonly text: string } {
  const id = patientId(index);
  const weight = resourceText(id, 'Observation', `w${index}`, 1, {
    status: 'final',
    code: { coding: [{ system: 'http://snomed.info/sct', code: '27113001' }], text: 'Weight' },
    effectiveDateTime: '2026-03-01',
    valueQuantity: { value: 0, unit: 'kg', system: 'http://unitsofmeasure.org', code: 'kg' },
  }).replace('"value":0,', '"value":70.50,');
  const text = `[${[
    resourceText(id, 'Patient', id, 1, {
      name: [{ family: 'Testford', given: [`Given${index}`] }],
      birthDate: '1961-01-05',
      gender: 'female',
    }),
    resourceText(id, 'Condition', `c${index}`, 1, {
      category: [{ coding: [{ code: 'problem-list-item' }] }],
      code: { text: 'Asthma' },
      recordedDate: '2020-02-02',
    }),
    weight,
  ].join(',')}]`;
  return { header: { patientId: id, validAt, resources: 3, digest: digestOf(text) }, text };
}

/** The same bag in every test: so many patients at position 10. */
export function filling(count: number): {
  readonly entries: readonly DirectoryEntry[];
  readonly packs: readonly { readonly header: PackHeader; readonly text: string }[];
  readonly epoch: string;
} {
  const indexes = Array.from({ length: count }, (_, index) => index);
  return {
    entries: indexes.map(directoryEntry),
    packs: indexes.map((index) => pack(index, 10)),
    epoch: 'e1',
  };
}

/** The manifest's digest, worked out by Node instead of the worker. */
export function digestOf(text: string): string {
  const sha256 = (value: string): string => createHash('sha256').update(value).digest('hex');
  return sha256(
    manifestLines(
      readPack(text).map(({ key, version, text: content }) => ({ key, version, digest: sha256(content) })),
    ),
  );
}

/** An operation as main lays it over the cached record. */
export function pendingOperation(
  deviceSeq: number,
  patient: string,
  text: string,
  state: PendingOperation['state'] = 'waiting',
): PendingOperation {
  const { resourceType, id } = JSON.parse(text) as { readonly resourceType: string; readonly id: string };
  return {
    operation: {
      opId: `op-${deviceSeq}`,
      deviceSeq,
      patientId: patient,
      resource: `${resourceType}/${id}`,
      kind: 'amend',
      author: { userId: 'u', practitionerId: 'd', name: 'Dr Una Bell', role: 'gp', organisation: 'A99999' },
      recordedAt: { wallClock: '2026-11-22T10:00:00+00:00', monotonicMs: 1 },
    } as unknown as PendingOperation['operation'],
    after: text,
    state,
  };
}
