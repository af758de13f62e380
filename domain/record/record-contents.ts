import type {
  AllergyIntolerance,
  Appointment,
  CarePlan,
  Communication,
  Composition,
  Condition,
  Consent,
  DiagnosticReport,
  DocumentReference,
  Encounter,
  FamilyMemberHistory,
  Flag,
  Immunization,
  List,
  Location,
  Medication,
  MedicationAdministration,
  MedicationDispense,
  MedicationRequest,
  MedicationStatement,
  Observation,
  Organization,
  Patient,
  Practitioner,
  PractitionerRole,
  Procedure,
  Provenance,
  QuestionnaireResponse,
  Reference,
  RelatedPerson,
  ServiceRequest,
  Specimen,
  Task,
} from '@medplum/fhirtypes';
import { resourceKey, type ResourceKey } from '../identifiers.ts';
import { parseReference } from '../fhir/reference.ts';
import type { AnyResource, ShownResource } from './overlay.ts';
import type { ItemSource } from './record-view.ts';

/** The resource types that a projection reads. */
export interface KnownResources {
  readonly AllergyIntolerance: AllergyIntolerance;
  readonly Appointment: Appointment;
  readonly CarePlan: CarePlan;
  readonly Communication: Communication;
  readonly Composition: Composition;
  readonly Condition: Condition;
  readonly Consent: Consent;
  readonly DiagnosticReport: DiagnosticReport;
  readonly DocumentReference: DocumentReference;
  readonly Encounter: Encounter;
  readonly FamilyMemberHistory: FamilyMemberHistory;
  readonly Flag: Flag;
  readonly Immunization: Immunization;
  readonly List: List;
  readonly Location: Location;
  readonly Medication: Medication;
  readonly MedicationAdministration: MedicationAdministration;
  readonly MedicationDispense: MedicationDispense;
  readonly MedicationRequest: MedicationRequest;
  readonly MedicationStatement: MedicationStatement;
  readonly Observation: Observation;
  readonly Organization: Organization;
  readonly Patient: Patient;
  readonly Practitioner: Practitioner;
  readonly PractitionerRole: PractitionerRole;
  readonly Procedure: Procedure;
  readonly Provenance: Provenance;
  readonly QuestionnaireResponse: QuestionnaireResponse;
  readonly RelatedPerson: RelatedPerson;
  readonly ServiceRequest: ServiceRequest;
  readonly Specimen: Specimen;
  readonly Task: Task;
}
export type KnownType = keyof KnownResources;

/** A resource of a known type with where it comes from. */
export interface Shown<Resource> {
  readonly source: ItemSource;
  readonly resource: Resource;
}

/** One patient's shown resources, found by type and by reference. Shared ones (people, places) are asked elsewhere. */
export class RecordContents {
  readonly all: readonly ShownResource[];
  readonly #byType = new Map<string, ShownResource[]>();
  readonly #byKey = new Map<string, ShownResource[]>();
  readonly #shared: (key: ResourceKey) => AnyResource | undefined;

  /** @param shared looks up what belongs to no patient: Practitioner, Organization, Location, Medication … */
  constructor(all: readonly ShownResource[], shared: (key: ResourceKey) => AnyResource | undefined) {
    this.all = all;
    this.#shared = shared;
    for (const item of all) {
      const sameType = this.#byType.get(item.resource.resourceType);
      if (sameType) sameType.push(item);
      else this.#byType.set(item.resource.resourceType, [item]);
      const sameKey = this.#byKey.get(item.source.key);
      if (sameKey) sameKey.push(item);
      else this.#byKey.set(item.source.key, [item]);
    }
  }

  ofType<Type extends KnownType>(type: Type): readonly Shown<KnownResources[Type]>[] {
    // The key of the map is the resource's own type.
    return (this.#byType.get(type) ?? []) as unknown as readonly Shown<KnownResources[Type]>[];
  }

  /** What a reference names in this record; undefined where it is elsewhere. */
  shownAt(reference: string | undefined): ShownResource | undefined {
    const key = keyOf(reference);
    return key === null ? undefined : this.byKey(key);
  }

  /** Of a disputed resource the author's own version, which stands last. */
  byKey(key: string): ShownResource | undefined {
    return this.#byKey.get(key)?.at(-1);
  }

  /** Both versions of a disputed resource. */
  versionsOf(key: string): readonly ShownResource[] {
    return this.#byKey.get(key) ?? [];
  }

  /** The resource that a reference names, of this type, here, contained or shared. */
  resolve<Type extends KnownType>(
    reference: Reference | undefined,
    type: Type,
    container?: { readonly contained?: readonly { readonly resourceType: string; readonly id?: string }[] },
  ): KnownResources[Type] | undefined {
    const text = reference?.reference;
    if (text === undefined) return undefined;
    if (text.startsWith('#')) {
      const inside = container?.contained?.find(
        (one) => one.id === text.slice(1) && one.resourceType === type,
      );
      return inside as KnownResources[Type] | undefined;
    }
    const parsed = parseReference(text);
    if (parsed?.type !== type) return undefined;
    const key = resourceKey(parsed.type, parsed.id);
    return (this.byKey(key)?.resource ?? this.#shared(key)) as unknown as KnownResources[Type] | undefined;
  }
}

export function keyOf(reference: string | undefined): ResourceKey | null {
  const parsed = parseReference(reference);
  return parsed === null ? null : resourceKey(parsed.type, parsed.id);
}
