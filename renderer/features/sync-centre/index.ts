export { RefusedHere } from './refused-here.tsx';
export { SyncIndicator } from './sync-indicator.tsx';
export { SyncScreen } from './sync-screen.tsx';
export { statusWords, timeWords } from './status-words.ts';
