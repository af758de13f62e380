import type { OperationId } from '../../domain/identifiers.ts';
import type { Operation, ResourceJson } from '../../domain/sync/operation.ts';
import type { DeviceModel } from './device-model.ts';

export interface SavedOperation {
  /** The computer on which it was saved. */
  readonly device: string;
  readonly operation: Operation;
  /** What stood on the screen when it was saved; null for something new. */
  readonly base: ResourceJson | null;
}

/** What people were told: everything for which a save has answered "Saved". */
export class Oracle {
  readonly #saved = new Map<OperationId, SavedOperation>();

  saved(device: DeviceModel, operation: Operation, base: ResourceJson | null): void {
    this.#saved.set(operation.opId, { device: device.name, operation, base });
  }

  get operations(): ReadonlyMap<OperationId, SavedOperation> {
    return this.#saved;
  }
}
