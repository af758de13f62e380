import type { OperationId } from '../../domain/identifiers.ts';
import type { RejectionCode } from '../../domain/sync/operation.ts';

/** One operation cannot be taken, so none of its save group is. */
export class GroupRefused extends Error {
  readonly opId: OperationId;
  readonly code: RejectionCode;

  constructor(opId: OperationId, code: RejectionCode, message: string) {
    super(message);
    this.name = 'GroupRefused';
    this.opId = opId;
    this.code = code;
  }
}
