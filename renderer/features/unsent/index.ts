export { UnsentAlarms } from './unsent-alarms.tsx';
