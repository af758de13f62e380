import type { Author } from '../../../../domain/sync/operation.ts';
import type { OperationId, ResourceKey, UserId, OrganisationId } from '../../../../domain/identifiers.ts';
import type { AnyResource, CachedResource, PendingChange } from '../../../../domain/record/overlay.ts';
import { overlay } from '../../../../domain/record/overlay.ts';
import { OpenRecord } from '../../../../domain/record/record-projection.ts';

export const PATIENT = 'p1';

export const author: Author = {
  userId: 'u1' as UserId,
  practitionerId: 'dr-1',
  name: 'Dr Amara Okafor',
  role: 'gp',
  organisation: 'A99999' as OrganisationId,
};

export function cached(resource: object, version = 1): CachedResource {
  const any = resource as AnyResource;
  return {
    key: `${any.resourceType}/${any.id ?? ''}` as ResourceKey,
    version,
    resource: { ...any, meta: { ...any.meta, versionId: String(version) } },
  };
}

export function pending(
  after: object,
  state: PendingChange['state'],
  more: { readonly deviceSeq?: number; readonly resultVersion?: number } = {},
): PendingChange {
  const any = after as AnyResource;
  const deviceSeq = more.deviceSeq ?? 1;
  return {
    operation: {
      opId: `op${deviceSeq}` as OperationId,
      resource: `${any.resourceType}/${any.id ?? ''}` as ResourceKey,
      author,
      kind: 'amend',
      deviceSeq,
      recordedAt: { wallClock: '2026-11-22T10:00:00+00:00', monotonicMs: 1 },
    },
    after: any,
    state,
    ...(more.resultVersion !== undefined && { resultVersion: more.resultVersion }),
  };
}

const patient = {
  resourceType: 'Patient',
  id: PATIENT,
  name: [{ family: 'Testford', given: ['Ann'] }],
};

export function opened(
  resources: readonly object[],
  options: {
    readonly pending?: readonly PendingChange[];
    readonly shared?: readonly object[];
    readonly asAt?: string;
    /** Elements of the patient besides the name. */
    readonly patient?: object;
  } = {},
): OpenRecord {
  const shared = new Map(
    (options.shared ?? []).map((one) => [cached(one).key as string, one as AnyResource]),
  );
  return new OpenRecord(
    overlay(
      [cached({ ...patient, ...options.patient }), ...resources.map((one) => cached(one))],
      options.pending ?? [],
    ),
    (key) => shared.get(key),
    {
      patientId: PATIENT,
      today: '2026-11-22',
      asAt: options.asAt ?? null,
      state: 'complete',
      dataAsOf: '2026-11-22T10:00:00Z',
    },
  );
}
