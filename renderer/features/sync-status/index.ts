export { attentionItems, syncStatus, useAttention, useSyncStatus } from './sync-store.ts';
