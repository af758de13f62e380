export { RefusedHere } from './refused-here.tsx';
export { SyncIndicator } from './sync-indicator.tsx';
export { SyncScreen } from './sync-screen.tsx';
export { ageWords, statusWords, timeWords } from './status-words.ts';
