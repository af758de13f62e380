import type { ServiceCopies } from './feed-copies.ts';

export const TORTURE_ORGANISATION = 'TORTURE';

/** Resources that all writers change, so that they get in each other's way. */
export const SHARED_RESOURCES = 40;

export interface WriterState {
  /** Groups that a copy said it had saved. */
  groups: number;
  /** Changes in those groups. */
  changes: number;
  /** Requests that failed, and whose group may or may not be there. */
  unknown: number;
  refused: number;
}

/**
 * One save group as a FHIR transaction: new observations, and often a change to a shared one. Every version carries
 * the group's name in `valueString`, so that what was saved together can be told afterwards.
 */
export async function writeGroup(
  copies: ServiceCopies,
  group: string,
  random: () => number,
  state: WriterState,
): Promise<void> {
  const base = copies.any(random);
  if (base === undefined) return;
  const patient = `p${Math.floor(random() * 50)}`;
  const created = 2 + Math.floor(random() * 4);
  const entry: object[] = Array.from({ length: created }, (_, n) => put(`${group}-${n}`, group, patient));
  if (random() < 0.5) entry.push(patch(`shared-${Math.floor(random() * SHARED_RESOURCES)}`, group));
  try {
    const answer = await fetch(`${base}/fhir/R4/${TORTURE_ORGANISATION}`, {
      method: 'POST',
      headers: { 'content-type': 'application/fhir+json', authorization: 'Bearer any' },
      body: JSON.stringify({ resourceType: 'Bundle', type: 'transaction', entry }),
      signal: AbortSignal.timeout(20_000),
    });
    await answer.arrayBuffer();
    if (answer.status === 200) {
      state.groups += 1;
      state.changes += entry.length;
      if (random() < 0.1) await deleteOne(base, `${group}-0`, state);
    } else if (answer.status >= 500) state.unknown += 1;
    else state.refused += 1;
  } catch {
    state.unknown += 1;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function deleteOne(base: string, id: string, state: WriterState): Promise<void> {
  const answer = await fetch(`${base}/fhir/R4/${TORTURE_ORGANISATION}/Observation/${id}`, {
    method: 'DELETE',
    headers: { authorization: 'Bearer any' },
    signal: AbortSignal.timeout(20_000),
  });
  if (answer.status === 204) state.changes += 1;
}

export function observation(id: string, group: string, patient: string): object {
  return {
    resourceType: 'Observation',
    id,
    status: 'final',
    code: { text: 'torture' },
    subject: { reference: `Patient/${patient}` },
    valueString: group,
  };
}

function put(id: string, group: string, patient: string): object {
  return { resource: observation(id, group, patient), request: { method: 'PUT', url: `Observation/${id}` } };
}

function patch(id: string, group: string): object {
  const operations = [{ op: 'replace', path: '/valueString', value: group }];
  return {
    resource: {
      resourceType: 'Binary',
      contentType: 'application/json-patch+json',
      data: Buffer.from(JSON.stringify(operations)).toString('base64'),
    },
    request: { method: 'PATCH', url: `Observation/${id}` },
  };
}
