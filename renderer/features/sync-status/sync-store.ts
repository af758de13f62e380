import { useSyncExternalStore } from 'react';
import type { AttentionItem, SyncStatus } from '../../../contract/channels/sync.ts';
import { host, watch, type Watched } from '../../host/index.ts';

let status: Watched<SyncStatus> | undefined;
let attention: Watched<AttentionItem[]> | undefined;

export function syncStatus(): Watched<SyncStatus> {
  status ??= watch(host(), 'sync.status', 'sync.changed');
  return status;
}

export function attentionItems(): Watched<AttentionItem[]> {
  attention ??= watch(host(), 'sync.attention', 'sync.attention-changed');
  return attention;
}

export function useSyncStatus(): SyncStatus | undefined {
  const store = syncStatus();
  return useSyncExternalStore(store.subscribe, store.current);
}

export function useAttention(): readonly AttentionItem[] | undefined {
  const store = attentionItems();
  return useSyncExternalStore(store.subscribe, store.current);
}
