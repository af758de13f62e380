import { createHash } from 'node:crypto';

/** Changing this would make every derived resource a second time. */
const NAMESPACE = '9c8a4f0e-2f5e-5c46-8f6d-7f5f3a1f2b60';

/** A UUIDv5 of what it stands for: derived resources are made once, whoever makes them again (sync-bugs D3). */
export function derivedId(...parts: readonly string[]): string {
  const hash = createHash('sha1')
    .update(Buffer.from(NAMESPACE.replaceAll('-', ''), 'hex'))
    .update(JSON.stringify(parts))
    .digest()
    .subarray(0, 16);
  hash.writeUInt8((hash.readUInt8(6) & 0x0f) | 0x50, 6);
  hash.writeUInt8((hash.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = hash.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
