import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startDesktop } from '../../../../support/desktop-session.ts';

let profile = '';
beforeEach(() => {
  profile = mkdtempSync(join(tmpdir(), 'gladstone-profile-'));
});
afterEach(() => {
  rmSync(profile, { recursive: true, force: true });
});

async function unopenedWith(vault: string) {
  mkdirSync(join(profile, 'bags/bag'), { recursive: true });
  writeFileSync(join(profile, 'bags/bag/vault.json'), vault);
  writeFileSync(
    join(profile, 'bags.json'),
    JSON.stringify({ format: 1, serviceUrl: null, folders: ['bag'] }),
  );
  const desktop = await startDesktop({ profile });
  const { unopened } = desktop.session.state();
  await desktop.session.close();
  expect(readFileSync(join(profile, 'bags/bag/vault.json'), 'utf8')).toBe(vault);
  return unopened;
}

describe('a bag that does not open is never passed over in silence, and is left as it is', () => {
  it('keys that cannot be read', async () => {
    expect(await unopenedWith('{"format":1,"writtenB')).toMatchObject([{ code: 'damaged', lost: 'nothing' }]);
  });

  it('written by a newer build', async () => {
    const [error] = (await unopenedWith('{"format":99,"writtenBy":"7.1.0"}')) ?? [];
    expect(error?.code).toBe('newer-build-needed');
    expect(error?.message).toContain('7.1.0');
  });
});
