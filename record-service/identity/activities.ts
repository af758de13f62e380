/** The same table on both sides: what the service refuses, no screen offers. */
export { activitiesOf, type Activity } from '../../domain/record/activities.ts';
