export { PhonedAlarms } from './have-phoned.tsx';
export { UnsentAlarms } from './unsent-alarms.tsx';
