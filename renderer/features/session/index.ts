export { useMay } from './may.ts';
export { askSession, useSession, useSignedInUser } from './session-store.ts';
export { ErrorNotice, ErrorWords } from './error-notice.tsx';
export { LockWarning } from './lock-warning.tsx';
export { SessionGate } from './session-gate.tsx';
export { ROLE_WORDS } from './words.ts';
