/** What was done, in FHIR's AuditEvent.action terms (C, R, U, D, E) with room for what FHIR has no letter for. */
export type AuditAction = 'create' | 'read' | 'update' | 'delete' | 'execute';

/**
 * One act on the record by one actor (who stands in the transaction's context). Holds no clinical content.
 * The store adds time, actor, role, organisation and device; the sealer adds sequence number and chain.
 */
export interface AuditEntry {
  readonly action: AuditAction;
  /** FHIR REST interaction or sync verb: `read`, `vread`, `search-type`, `pack`, `push`, `sign-in`, `print` … */
  readonly interaction: string;
  readonly outcome: 'success' | 'refused' | 'failed';
  /** Whose record; absent where it is nobody's. */
  readonly patientId?: string;
  /** `Type/id` of what was touched, or a bare type for a search. */
  readonly entity?: string;
  readonly version?: number;
  /** Codes only, never content: parameter names of a search, an outcome's code, a reason's code. */
  readonly detail?: string;
  /** When it happened, where that is not now (reads made offline). ISO 8601. */
  readonly recorded?: string;
  /** Who did it, where that is not the carrier in the context (work of another author that a device sent). */
  readonly onBehalfOf?: { readonly userId: string; readonly role: string };
}
