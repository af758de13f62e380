/** Who takes part in the day, and the patients whom they see. */
import { demoStaff } from '../../record-service/seed/demo-practice.ts';

export type Role = 'gp' | 'nurse' | 'locum';
export const ROLES: readonly Role[] = ['gp', 'nurse', 'locum'];

export const ROLE_TITLES: Readonly<Record<Role, string>> = { gp: 'GP', nurse: 'nurse', locum: 'locum' };

export function practitionerOf(role: Role): string {
  return `Practitioner/${demoStaff[role].practitionerId}`;
}

/** A patient of the day. The report names patients by `label` only: it may be passed on. */
export interface DayPatient {
  readonly id: string;
  /** e.g. `record 3`, `synthetic 1` */
  readonly label: string;
  readonly nhsNumber: string;
  readonly birthDate: string;
  readonly ageYears: number;
}
