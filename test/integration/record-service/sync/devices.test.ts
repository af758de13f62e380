import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EnrolledDevice } from '../../../../contract/record-service.ts';
import { demoOrganisation } from '../../../../record-service/seed/demo-practice.ts';
import { openPglite } from '../../../../record-service/store/pglite-engine.ts';
import { signIn } from '../../../support/sign-in.ts';
import { SyncDevice } from '../../../support/sync-device.ts';
import { startSyncService, type SyncService } from '../../../support/sync-service.ts';

let running: SyncService;
beforeAll(async () => {
  running = await startSyncService(await openPglite());
});
afterAll(() => running.close());

async function device(account: string): Promise<SyncDevice> {
  const { accessToken } = await signIn(running.url, account);
  return new SyncDevice(running.url, demoOrganisation.odsCode, accessToken).enrol();
}

describe('the list of computers', () => {
  it('shows an administrator what was lost, and what became of the order to wipe it', async () => {
    const lost = await device('gp');
    const administrator = await device('administrator');
    const listed = async (): Promise<EnrolledDevice | undefined> =>
      (await administrator.get<{ devices: EnrolledDevice[] }>('devices')).body.devices.find(
        (one) => one.deviceId === lost.deviceId,
      );
    expect(await listed()).toMatchObject({ enrolledBy: 'demo-gp', orders: [] });

    const revoked = await administrator.post<{ orders: { orderId: string }[] }>(
      `devices/${lost.deviceId}/revoke`,
      { wipe: true, reason: 'left on a train' },
    );
    const after = await listed();
    expect(after?.revokedAt).toBeDefined();
    expect(after?.orders).toEqual([{ kind: 'wipe', issuedAt: expect.any(String) as string }]);

    const orderId = revoked.body.orders[0]?.orderId ?? '';
    await lost.post(`devices/${lost.deviceId}/orders/${orderId}/done`, {});
    expect((await listed())?.orders[0]?.doneAt).toBeDefined();
  });

  it('is closed to everyone else', async () => {
    expect((await (await device('nurse')).get('devices')).status).toBe(403);
    expect((await (await device('receptionist')).get('devices')).status).toBe(403);
  });
});
