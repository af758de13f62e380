import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import * as v from 'valibot';
import type { AllergyIntolerance, Flag, Patient } from '@medplum/fhirtypes';
import type {
  ChangeEntry,
  ChangesPage,
  Cursor,
  DirectoryAnswer,
  PacksRequest,
} from '../../../../contract/record-service.ts';
import type { DirectoryEntry } from '../../../../domain/record/directory-entry.ts';
import { directoryEntryOf } from '../../../../domain/record/make-directory-entry.ts';
import { compartmentOf } from '../../../../domain/record/patient-compartment.ts';
import { failure, success } from '../../../../domain/result.ts';
import type { ResourceJson } from '../../../../domain/sync/operation.ts';
import type { Answered, ReceivedPack } from '../../sync/ports.ts';
import { fhirContentSchema, type FhirContent, type FhirExchange } from './fhir-exchange.ts';
import { numberedText, versionNumber } from './fhir-version.ts';

const compress = promisify(gzip);

/**
 * A server stamps `lastUpdated` before it commits, so what was stamped earlier may show later. Each poll looks back
 * this far once more; what is known already changes nothing. Milliseconds.
 */
const overlapMs = 120_000;

const pageSize = 200;
/** More pages than this is a server that links in a circle. */
const mostPages = 10_000;

/** What is asked of a record where the server has no `$everything`. */
const compartmentTypes = [
  'AllergyIntolerance',
  'Appointment',
  'CarePlan',
  'Communication',
  'Composition',
  'Condition',
  'DiagnosticReport',
  'DocumentReference',
  'Encounter',
  'FamilyMemberHistory',
  'Flag',
  'Immunization',
  'MedicationRequest',
  'MedicationStatement',
  'Observation',
  'Procedure',
  'Provenance',
  'QuestionnaireResponse',
  'RelatedPerson',
  'ServiceRequest',
  'Task',
] as const;

const sharedTypes = [
  'Organization',
  'Location',
  'Practitioner',
  'PractitionerRole',
  'Schedule',
  'Slot',
] as const;

const bundleSchema = v.looseObject({
  resourceType: v.literal('Bundle'),
  link: v.optional(v.array(v.looseObject({ relation: v.string(), url: v.string() }))),
  entry: v.optional(
    v.array(
      v.looseObject({
        resource: v.optional(fhirContentSchema),
        request: v.optional(v.looseObject({ method: v.string(), url: v.string() })),
        response: v.optional(
          v.looseObject({ etag: v.optional(v.string()), lastModified: v.optional(v.string()) }),
        ),
      }),
    ),
  ),
});
type BundleEntry = NonNullable<v.InferOutput<typeof bundleSchema>['entry']>[number];

type ResourceChange = Extract<ChangeEntry, { readonly key: string }>;

/** How the server tells of changes; the first that it has is taken. */
export type ChangeSource = 'system-history' | 'last-updated';

export interface PlainPullOptions {
  readonly exchange: FhirExchange;
  readonly epoch: string;
  readonly organisation: { readonly id: string; readonly name: string };
  readonly changes: ChangeSource;
  readonly hasEverything: boolean;
  /** `YYYY-MM-DD` at the practice. */
  readonly today: () => string;
}

/** Fetches from a server that knows nothing of a feed: by polling, by search, a record at a time. */
export class PlainPull {
  readonly #options: PlainPullOptions;

  constructor(options: PlainPullOptions) {
    this.#options = options;
  }

  /**
   * Everything since the cursor, and a little before. The page counts as one commit at the moment of asking: what it
   * holds lies above every record fetched earlier.
   */
  async changes(cursor: Cursor): Promise<Answered<ChangesPage>> {
    const since = new Date(Math.max(0, cursor.position - overlapMs)).toISOString();
    const found =
      this.#options.changes === 'system-history'
        ? await this.#all(`_history?_since=${encodeURIComponent(since)}&_count=${pageSize}`)
        : await this.#updatedSince(since);
    if (!found.ok) return found;
    const { entries, serverMs } = found.value;
    // Never the same place twice, or what came within the same second would count as known.
    const next = Math.max(serverMs, cursor.position + 1);
    const changes = new Map<string, ResourceChange>();
    for (const entry of entries) {
      const change = await this.#changeOf(entry, next);
      if (!change.ok) return change;
      const known = change.value === null ? undefined : changes.get(change.value.key);
      if (change.value !== null && (known === undefined || known.version < change.value.version)) {
        changes.set(change.value.key, change.value);
      }
    }
    const patients = new Set([...changes.values()].flatMap(({ patientId }) => patientId ?? []));
    const directory = await this.#directoryEntries([...patients]);
    if (!directory.ok) return directory;
    return success({
      epoch: this.#options.epoch,
      entries: [...changes.values()],
      next,
      head: next,
      durableThrough: null,
      directory: directory.value,
    });
  }

  async directory(): Promise<Answered<DirectoryAnswer>> {
    const patients = await this.#all(`Patient?_count=${pageSize}`);
    if (!patients.ok) return patients;
    const entries = await this.#entriesOf(resourcesOf(patients.value.entries));
    if (!entries.ok) return entries;
    const shared: string[] = [];
    for (const type of sharedTypes) {
      const found = await this.#all(`${type}?_count=${pageSize}`);
      if (!found.ok) return found;
      for (const resource of resourcesOf(found.value.entries)) shared.push(numberedText(resource));
    }
    const booked = await this.#booked();
    if (!booked.ok) return booked;
    return success({
      epoch: this.#options.epoch,
      // Asked for before anything was read.
      position: patients.value.serverMs,
      organisation: this.#options.organisation,
      entries: entries.value,
      booked: booked.value,
      shared,
    });
  }

  async packs(
    request: PacksRequest,
    receive: (pack: ReceivedPack) => Promise<void>,
  ): Promise<Answered<void>> {
    for (const patientId of request.patients) {
      const read = await this.#record(patientId);
      if (!read.ok) return read;
      const { resources, serverMs } = read.value;
      const validAt = Math.max(serverMs, request.notBefore);
      if (resources[0]?.resourceType !== 'Patient') {
        await receive({
          header: { patientId, validAt, resources: 0, digest: '', absent: true },
          body: new ArrayBuffer(),
        });
        continue;
      }
      const body = await compress(`[${resources.map(numberedText).join(',')}]`);
      await receive({
        header: { patientId, validAt, resources: resources.length, digest: digestOf(resources) },
        body: new Uint8Array(body).buffer,
      });
    }
    return success(undefined);
  }

  /** The Patient first, each resource once. */
  async #record(
    patientId: string,
  ): Promise<Answered<{ readonly resources: readonly FhirContent[]; readonly serverMs: number }>> {
    const paths = this.#options.hasEverything
      ? [`Patient/${patientId}/$everything`]
      : [
          `Patient?_id=${patientId}`,
          ...compartmentTypes.map((type) => `${type}?patient=Patient/${patientId}&_count=${pageSize}`),
        ];
    const byKey = new Map<string, FhirContent>();
    let serverMs: number | null = null;
    for (const path of paths) {
      const found = await this.#all(path);
      if (!found.ok) {
        if (found.error.kind === 'status' && found.error.status === 404) {
          return success({ resources: [], serverMs: serverMs ?? 0 });
        }
        return found;
      }
      serverMs ??= found.value.serverMs;
      for (const resource of resourcesOf(found.value.entries)) {
        // A search brings what the record refers to as well.
        if (compartmentOf(resource as ResourceJson) === patientId) byKey.set(keyOf(resource), resource);
      }
    }
    const resources = [...byKey.values()].sort(
      (left, right) => Number(right.resourceType === 'Patient') - Number(left.resourceType === 'Patient'),
    );
    return success({ resources, serverMs: serverMs ?? 0 });
  }

  async #updatedSince(
    since: string,
  ): Promise<Answered<{ readonly entries: readonly BundleEntry[]; readonly serverMs: number }>> {
    const entries: BundleEntry[] = [];
    let serverMs: number | null = null;
    for (const type of ['Patient', ...compartmentTypes, ...sharedTypes]) {
      const found = await this.#all(`${type}?_lastUpdated=ge${encodeURIComponent(since)}&_count=${pageSize}`);
      if (!found.ok) return found;
      serverMs ??= found.value.serverMs;
      entries.push(...found.value.entries);
    }
    return success({ entries, serverMs: serverMs ?? 0 });
  }

  async #changeOf(entry: BundleEntry, position: number): Promise<Answered<ResourceChange | null>> {
    const { resource, request, response } = entry;
    if (resource !== undefined) {
      const patientId = compartmentOf(resource as ResourceJson);
      return success({
        kind: 'upsert',
        position,
        key: keyOf(resource),
        version: versionNumber(resource),
        resource: numberedText(resource),
        ...(patientId === null ? {} : { patientId }),
      });
    }
    const key = /([A-Z][A-Za-z]+\/[A-Za-z0-9.-]{1,64})$/.exec(request?.url ?? '')?.[1];
    if (request?.method !== 'DELETE' || key === undefined) return success(null);
    // Whose it was stands in the version before.
    const history = await this.#all(`${key}/_history`);
    if (!history.ok) return history;
    const before = resourcesOf(history.value.entries)[0];
    const patientId = before === undefined ? null : compartmentOf(before as ResourceJson);
    const version = versionNumber({
      resourceType: '',
      meta: {
        versionId: /^(?:W\/)?"(.*)"$/.exec(response?.etag ?? '')?.[1] ?? '',
        lastUpdated: response?.lastModified ?? '',
      },
    });
    return success({
      kind: 'tombstone',
      position,
      key,
      version: Math.max(version, before === undefined ? 0 : versionNumber(before) + 1),
      ...(patientId === null ? {} : { patientId }),
    });
  }

  async #directoryEntries(patientIds: readonly string[]): Promise<Answered<DirectoryEntry[]>> {
    const patients: FhirContent[] = [];
    for (let start = 0; start < patientIds.length; start += 50) {
      const found = await this.#all(`Patient?_id=${patientIds.slice(start, start + 50).join(',')}`);
      if (!found.ok) return found;
      patients.push(...resourcesOf(found.value.entries));
    }
    return this.#entriesOf(patients);
  }

  async #entriesOf(patients: readonly FhirContent[]): Promise<Answered<DirectoryEntry[]>> {
    const entries: DirectoryEntry[] = [];
    for (const patient of patients) {
      const clinical: { allergies: AllergyIntolerance[]; flags: Flag[] } = { allergies: [], flags: [] };
      for (const [type, list] of [
        ['AllergyIntolerance', clinical.allergies],
        ['Flag', clinical.flags],
      ] as const) {
        const found = await this.#all(`${type}?patient=Patient/${patient.id ?? ''}&_count=${pageSize}`);
        if (!found.ok) return found;
        (list as unknown[]).push(...resourcesOf(found.value.entries));
      }
      const source = { patient: patient as Patient, clinical, pack: { resources: 0, bytes: 0 } };
      entries.push(directoryEntryOf(source, this.#options.today()));
    }
    return success(entries);
  }

  async #booked(): Promise<Answered<DirectoryAnswer['booked']>> {
    const found = await this.#all(`Appointment?date=ge${this.#options.today()}&_count=${pageSize}`);
    if (!found.ok) return found;
    return success(
      resourcesOf(found.value.entries)
        .flatMap((appointment) => {
          const patientId = compartmentOf(appointment as ResourceJson);
          const start = appointment['start'];
          return patientId === null || typeof start !== 'string' ? [] : [{ patientId, start }];
        })
        .sort((left, right) => (left.start < right.start ? -1 : 1)),
    );
  }

  /** All pages of a search or a history, with the server's time at the first. */
  async #all(
    path: string,
  ): Promise<Answered<{ readonly entries: readonly BundleEntry[]; readonly serverMs: number }>> {
    const entries: BundleEntry[] = [];
    let serverMs: number | null = null;
    let next: string | undefined = path;
    for (let page = 0; next !== undefined && page < mostPages; page += 1) {
      const answer = await this.#options.exchange.ask({ method: 'GET', path: next });
      if (!answer.ok) return answer;
      const bundle = v.safeParse(bundleSchema, answer.value.resource);
      if (!bundle.success) return failure({ kind: 'foreign-answer' });
      serverMs ??= answer.value.serverMs;
      entries.push(...(bundle.output.entry ?? []));
      next = bundle.output.link?.find(({ relation }) => relation === 'next')?.url;
    }
    return success({ entries, serverMs: serverMs ?? 0 });
  }
}

function resourcesOf(entries: readonly BundleEntry[]): FhirContent[] {
  return entries.flatMap(({ resource }) =>
    resource === undefined || resource.resourceType === 'OperationOutcome' ? [] : [resource],
  );
}

function keyOf(resource: FhirContent): string {
  return `${resource.resourceType}/${resource.id ?? ''}`;
}

/** The contract's digest, over the text as it is kept here: a plain server fixes none at write. */
function digestOf(resources: readonly FhirContent[]): string {
  const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
  return sha256(
    resources
      .map((one) => `${keyOf(one)}|${versionNumber(one)}|${sha256(numberedText(one))}`)
      .sort()
      .join('\n'),
  );
}
