export { SurgeryScreen } from './surgery-screen.tsx';
export { dayAway, todayOf, useAgenda } from './use-agenda.ts';
export { visitStatus } from './visit-status.ts';
export { nextName, nextWords, PresentVisit, useListIsHere } from './surgery-strip.tsx';
export { VisitKeys } from './visit-keys.tsx';
export { VisitStepsProvider } from './visit-steps.tsx';
export { useVisitUnderWay, useVisitWalk } from './visit-walk.ts';
