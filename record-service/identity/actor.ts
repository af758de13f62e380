import type { Role } from '../../domain/sync/operation.ts';
import { activitiesOf, type Activity } from './activities.ts';

/**
 * Whoever acts on the record in one request: a person under one selected role for one organisation, or the
 * service itself (`system`: import, seed, scheduled work). Taken from a verified token, never from a body.
 */
export interface Actor {
  /** The identity provider's `sub`. */
  readonly userId: string;
  /** Logical id of the Practitioner in the organisation; empty for `system`. */
  readonly practitionerId: string;
  readonly name: string;
  readonly organisation: string;
  readonly role: Role | 'system';
  /** Activities that the role grants (clinical.md, RBAC): access is decided by these, not by the role's name. */
  readonly activities: ReadonlySet<Activity>;
  /** The enrolled device, where the request named one. */
  readonly deviceId?: string;
  /** When the role ends (a locum's last day), ISO 8601. */
  readonly roleExpires?: string;
  /** When the person last proved who they are, ISO 8601; absent for `system`. */
  readonly authenticatedAt?: string;
}

/** The service acting for itself in one organisation. */
export function systemActor(organisation: string): Actor {
  return {
    userId: 'system',
    practitionerId: '',
    name: 'Record service',
    organisation,
    role: 'system',
    activities: activitiesOf('system'),
  };
}

/**
 * Turns the `Authorization` header of a request for `organisation` into an actor.
 * Throws {@link AuthenticationError}: `unauthenticated` (401) without a valid token, `wrong-organisation` (403)
 * when the token is for another organisation.
 */
export type Authenticator = (authorizationHeader: string | undefined, organisation: string) => Promise<Actor>;

export class AuthenticationError extends Error {
  readonly code: 'unauthenticated' | 'wrong-organisation';

  constructor(code: 'unauthenticated' | 'wrong-organisation', message: string) {
    super(message);
    this.code = code;
    this.name = 'AuthenticationError';
  }
}
