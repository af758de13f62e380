import type { DeviceOrder } from '../../../contract/record-service.ts';
import type { EscrowUpload } from './escrow-upload.ts';
import type { DeviceKeeper, RecordServicePort } from './ports.ts';

export interface OrderParts {
  readonly client: Pick<RecordServicePort, 'orderDone'>;
  readonly keeper: DeviceKeeper;
  readonly escrow: EscrowUpload;
  /** Sends what can still be sent as operations. */
  readonly drain: () => Promise<void>;
}

/**
 * Carries out what the practice ordered for this device (sync.md, Wipe): first everything unsent goes to the
 * service, as operations where it takes them and sealed where it does not; only with a durable receipt are keys
 * destroyed. Without a receipt nothing is destroyed, and the order is tried again with the next probe.
 *
 * @returns true when the order was carried out.
 */
export async function carryOutOrder(order: DeviceOrder, parts: OrderParts): Promise<boolean> {
  await parts.drain();
  const uploaded = await parts.escrow.upload(true);
  if (order.kind === 'wipe') {
    if (uploaded !== 'durable') return false;
    if ((await parts.keeper.wipe()) === 'work-remains') return false;
  } else {
    if (uploaded === 'failed') return false;
    await parts.keeper.revoked();
  }
  // The service repeats the order until it hears of this; a device without keys answers it the same way again.
  await parts.client.orderDone(order.orderId);
  return true;
}
