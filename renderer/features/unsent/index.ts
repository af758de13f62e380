export { raiseUnsent } from './unsent-store.ts';
export { UnsentAlarms } from './unsent-alarms.tsx';
