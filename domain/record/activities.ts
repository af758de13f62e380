import type { Role } from '../sync/operation.ts';

/**
 * What a person may do under the selected role. Access is decided by activity, never by the role's name
 * (clinical.md, Governance: RBAC). The service enforces it; the screens offer nothing else.
 */
export type Activity =
  | 'view-directory'
  | 'amend-directory'
  /** Templates, what is switched off, and which system prescribes: what holds for the whole practice. */
  | 'amend-practice-settings'
  | 'view-demographics'
  | 'amend-demographics'
  | 'view-appointments'
  | 'amend-appointments'
  | 'view-administrative-tasks'
  | 'amend-administrative-tasks'
  | 'view-clinical'
  | 'record-clinical'
  | 'prescribe'
  | 'view-audit'
  | 'manage-devices'
  | 'erase';

const frontDesk: readonly Activity[] = [
  'view-directory',
  'view-demographics',
  'amend-demographics',
  'view-appointments',
  'amend-appointments',
  'view-administrative-tasks',
  'amend-administrative-tasks',
];

const granted: Readonly<Record<Role | 'system', readonly Activity[]>> = {
  gp: [...frontDesk, 'amend-practice-settings', 'view-clinical', 'record-clinical', 'prescribe'],
  nurse: [...frontDesk, 'view-clinical', 'record-clinical'],
  locum: [...frontDesk, 'view-clinical', 'record-clinical', 'prescribe'],
  receptionist: frontDesk,
  administrator: [...frontDesk, 'amend-directory', 'amend-practice-settings', 'view-audit', 'manage-devices'],
  // Import, seed and scheduled work of the service itself. Only here is `erase`: a person marks as entered in error.
  system: [
    ...frontDesk,
    'amend-directory',
    'amend-practice-settings',
    'view-clinical',
    'record-clinical',
    'prescribe',
    'view-audit',
    'manage-devices',
    'erase',
  ],
};

export function activitiesOf(role: Role | 'system'): ReadonlySet<Activity> {
  return new Set(granted[role]);
}
