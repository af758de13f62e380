import { describe, expect, it } from 'vitest';
import {
  categoryOf,
  interactions,
  mayAccess,
  mayAccessResource,
  TASK_CATEGORY_SYSTEM,
} from '../../../../record-service/identity/access.ts';
import { activitiesOf } from '../../../../record-service/identity/activities.ts';

const desk = { activities: activitiesOf('receptionist') };
const gp = { activities: activitiesOf('gp') };
const task = (category?: string, elements: object = {}) => ({
  resourceType: 'Task',
  id: 't',
  ...(category === undefined ? {} : { code: { coding: [{ system: TASK_CATEGORY_SYSTEM, code: category }] } }),
  ...elements,
});

describe('access by activity', () => {
  it('a type that nobody thought of is clinical', () => {
    for (const interaction of interactions) expect(mayAccess(desk, 'GenomicStudy', interaction)).toBe(false);
    expect(mayAccess(gp, 'GenomicStudy', 'read')).toBe(true);
  });

  it('a task that does not say it is administrative is clinical, and one that carries anything is too', () => {
    expect(categoryOf(task())).toBe('clinical');
    expect(categoryOf(task('administrative'))).toBe('administrative');
    expect(categoryOf(task('administrative', { contained: [{ resourceType: 'Condition' }] }))).toBe(
      'clinical',
    );
    expect(mayAccessResource(desk, task('clinical'), 'read')).toBe(false);
    expect(mayAccessResource(desk, task('administrative'), 'read')).toBe(true);
  });

  it('nobody but the service erases, and nobody writes audit', () => {
    for (const role of ['gp', 'nurse', 'locum', 'receptionist', 'administrator'] as const) {
      const actor = { activities: activitiesOf(role) };
      expect(mayAccess(actor, 'Appointment', 'delete')).toBe(false);
      expect(mayAccess(actor, 'AuditEvent', 'create')).toBe(false);
    }
    const system = { activities: activitiesOf('system') };
    expect(mayAccess(system, 'AuditEvent', 'delete')).toBe(false);
    expect(mayAccess(system, 'AuditEvent', 'update')).toBe(false);
    expect(mayAccess(system, 'Appointment', 'delete')).toBe(true);
  });
});
