export { MoveEntry } from './move-entry.tsx';
