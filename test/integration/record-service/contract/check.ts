import assert from 'node:assert/strict';
import type { FhirAnswer, FhirClient } from './fhir-client.ts';

/** One thing that a record service must do, told to any FHIR R4 server. Throws where the server does otherwise. */
export interface Check {
  /** Short and stable: reports and exclusions name it. */
  readonly id: string;
  readonly title: string;
  readonly run: (client: FhirClient, options: CheckOptions) => Promise<void>;
}

export interface CheckOptions {
  /** How often races are run. */
  readonly rounds: number;
}

export function patient(family: string, more: object = {}): object {
  return { resourceType: 'Patient', name: [{ use: 'official', family, given: ['Check'] }], ...more };
}

export function observation(patientId: string, more: object = {}): object {
  return {
    resourceType: 'Observation',
    status: 'final',
    code: { coding: [{ system: 'http://snomed.info/sct', code: '27113001', display: 'Body weight' }] },
    subject: { reference: `Patient/${patientId}` },
    effectiveDateTime: '2026-03-01T09:30:00Z',
    ...more,
  };
}

export async function create(client: FhirClient, resource: object): Promise<{ id: string; version: string }> {
  const { resourceType } = resource as { resourceType: string };
  const answer = await client.send('POST', resourceType, {
    body: resource,
    headers: { prefer: 'return=representation' },
  });
  assert.equal(
    answer.status,
    201,
    `create ${resourceType} answered ${answer.status}: ${answer.text.slice(0, 300)}`,
  );
  return { id: answer.body.id, version: answer.body.meta.versionId };
}

export function isOutcome(answer: FhirAnswer): void {
  assert.equal(answer.body.resourceType, 'OperationOutcome', `no OperationOutcome with ${answer.status}`);
}
