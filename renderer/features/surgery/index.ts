export { SurgeryScreen } from './surgery-screen.tsx';
export { nextName, nextWords, PresentVisit, useListIsHere } from './surgery-strip.tsx';
export { VisitKeys } from './visit-keys.tsx';
export { VisitStepsProvider } from './visit-steps.tsx';
export { useVisitUnderWay, useVisitWalk } from './visit-walk.ts';
