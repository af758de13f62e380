import { describe, expect, it } from 'vitest';
import { storageRegister } from '../../../../../main/services/storage-register.ts';
import { groupOf } from '../../../../../tools/torture/journal-keys.ts';
import { directory, JournalOnFiles, now } from '../../../../support/journal-on-files.ts';

const patterns = storageRegister.map(
  ({ name }) =>
    new RegExp(
      `^${name.replace(/[.*+?^$()|[\]\\/]/g, (sign) => (sign === '*' ? '[^/]+' : `\\${sign}`)).replace('{bag}', '[^/]+')}$`,
    ),
);

describe('the storage register', () => {
  it('names every file that a journal leaves behind, through crash, damage and compaction', async () => {
    const on = new JournalOnFiles();
    const { journal } = await on.open();
    const signer = on.workers.signer(on.deviceId);
    for (const text of ['one', 'two', 'three']) await journal.saveGroup(groupOf(signer, 'patient', text));
    await journal.close();
    await on.rewrite((_path, bytes) => {
      bytes.fill(0, Math.floor(bytes.length / 2), Math.floor(bytes.length / 2) + 9);
      return new Uint8Array([...bytes, ...Buffer.from('torn')]);
    });
    const { journal: again } = await on.open();
    await again.compact({ now, durableThrough: null, signer });
    await again.saveGroup(groupOf(signer, 'patient', 'four'));
    const names = await on.files.list(directory);
    expect(names.length).toBeGreaterThan(2);
    for (const name of names) {
      const path = `bags/0123456789ab/journal/${name}`;
      expect(
        patterns.some((pattern) => pattern.test(path)),
        path,
      ).toBe(true);
    }
  });
});
