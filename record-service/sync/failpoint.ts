/**
 * Places where a test may end the work as a crash would: by throwing. In the product nothing stands behind them.
 * A name is of the form `push.after-lock`.
 */
export type FailpointName =
  | 'push.before-transaction'
  | 'push.after-lock'
  | 'push.after-first-write'
  | 'push.after-apply'
  | 'push.after-ledger'
  | 'push.after-commit'
  | 'changes.after-read'
  | 'packs.after-snapshot'
  | 'escrow.after-commit';

export const failpointNames: readonly FailpointName[] = [
  'push.before-transaction',
  'push.after-lock',
  'push.after-first-write',
  'push.after-apply',
  'push.after-ledger',
  'push.after-commit',
  'changes.after-read',
  'packs.after-snapshot',
  'escrow.after-commit',
];

export type Failpoint = (name: FailpointName) => void | Promise<void>;

export const noFailpoint: Failpoint = () => undefined;
