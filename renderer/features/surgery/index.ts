export { SurgeryScreen } from './surgery-screen.tsx';
export { nextName, nextVisit, nextWords, useMyVisits } from './surgery-strip.tsx';
