export { SyncIndicator } from './sync-indicator.tsx';
export { SyncScreen } from './sync-screen.tsx';
export { ageWords, timeWords } from './status-words.ts';
export { useAttention, useSyncStatus } from './sync-store.ts';
