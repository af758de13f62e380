import type { BridgeError } from '../../../contract/channels/channel.ts';
import type { SyncStatus } from '../../../contract/channels/sync.ts';

/** While nobody's bag is open there is nothing to be in step with. */
export const idleSyncStatus: SyncStatus = {
  connection: 'connecting',
  inStep: false,
  pending: { groups: 0, operations: 0, byPatient: [] },
  attention: 0,
  sending: false,
  serviceDurable: true,
  notices: [],
};

export const noBag: BridgeError = {
  code: 'locked',
  message: 'Gladstone is locked.',
  lost: 'not-saved',
  remedy: 'Unlock it and try again.',
};
