import { activitiesOf, type Activity } from '../../../domain/record/activities.ts';
import { useSignedInUser } from './session-store.ts';

/** Whether the person at work may do this, by activity under the selected role. What is refused is not offered. */
export function useMay(): (activity: Activity) => boolean {
  const { role } = useSignedInUser();
  const activities = activitiesOf(role);
  return (activity) => activities.has(activity);
}
