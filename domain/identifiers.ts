declare const brand: unique symbol;

/** A string that cannot be mistaken for another kind of identifier. */
export type Branded<Name extends string> = string & { readonly [brand]: Name };

/** Logical id of a Patient resource (UUID). Never an NHS number. */
export type PatientId = Branded<'PatientId'>;
/** ODS code of the organisation that holds the record, e.g. `A99999`. */
export type OrganisationId = Branded<'OrganisationId'>;
/** Stable id of a user (the identity provider's `sub`). */
export type UserId = Branded<'UserId'>;
/** UUID of one installation of the desktop in one profile folder. */
export type DeviceId = Branded<'DeviceId'>;
/** UUIDv7 of one operation; the service gives each one effect, whatever is replayed. */
export type OperationId = Branded<'OperationId'>;
/** UUID of one clinical save: all its operations succeed or fail together. */
export type GroupId = Branded<'GroupId'>;
/** `Type/uuid` of a FHIR resource. */
export type ResourceKey = Branded<'ResourceKey'>;

export function resourceKey(resourceType: string, id: string): ResourceKey {
  return `${resourceType}/${id}` as ResourceKey;
}
