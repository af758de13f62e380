import { uncompressSync } from 'snappy';

/** What a LevelDB file holds once its framing and compression are taken away. */
export interface Unpacked {
  /** Keys and values as the writer gave them. */
  readonly parts: readonly Buffer[];
  /** Blocks and records that could not be read, e.g. torn by a kill. */
  readonly unreadable: number;
}

const tableMagic = 0xdb4775248b80fb57n;
const footerBytes = 48;
const blockTrailerBytes = 5;
const snappyBlock = 1;

/** A sorted table (`.ldb`): index block, then each data block, decompressed, key by key. */
export function unpackTable(file: Buffer): Unpacked {
  if (file.length < footerBytes || file.readBigUInt64LE(file.length - 8) !== tableMagic) {
    return { parts: [], unreadable: 1 };
  }
  const footer = new Reader(file.subarray(file.length - footerBytes));
  footer.varint();
  footer.varint();
  const parts: Buffer[] = [];
  let unreadable = 0;
  const index = block(file, footer.varint(), footer.varint());
  if (index === null) return { parts: [], unreadable: 1 };
  for (const { value } of entriesOf(index)) {
    const handle = new Reader(value);
    const data = block(file, handle.varint(), handle.varint());
    if (data === null) {
      unreadable += 1;
      continue;
    }
    for (const entry of entriesOf(data)) parts.push(entry.key, ...unwrapped(entry.value));
  }
  return { parts, unreadable };
}

const logBlockBytes = 32_768;
const logHeaderBytes = 7;

/** A write-ahead log (`.log`): records put together across blocks, then each key and value of each batch. */
export function unpackLog(file: Buffer): Unpacked {
  const parts: Buffer[] = [];
  let unreadable = 0;
  let pieces: Buffer[] = [];
  for (let at = 0; at + logHeaderBytes <= file.length;) {
    const leftInBlock = logBlockBytes - (at % logBlockBytes);
    const length = leftInBlock < logHeaderBytes ? 0 : file.readUInt16LE(at + 4);
    const type = leftInBlock < logHeaderBytes ? 0 : (file[at + 6] ?? 0);
    if (type === 0) {
      at += leftInBlock;
      continue;
    }
    const [isFirst, isLast] = [type === 1 || type === 2, type === 1 || type === 4];
    if (isFirst) pieces = [];
    pieces.push(file.subarray(at + logHeaderBytes, at + logHeaderBytes + length));
    at += logHeaderBytes + length;
    if (!isLast) continue;
    const record = Buffer.concat(pieces);
    pieces = [];
    try {
      parts.push(...batchOf(record));
    } catch {
      // Torn by a kill: what is there is searched as it lies.
      parts.push(record);
      unreadable += 1;
    }
  }
  return { parts: [...parts, ...pieces], unreadable };
}

/** Chromium compresses large values before they reach LevelDB, and puts the largest into files of their own. */
export function unwrapped(value: Buffer): readonly Buffer[] {
  const mark = value.subarray(0, 24).indexOf(compressedValueMark);
  if (mark < 0) return [value];
  try {
    return [value, bytesOf(value.subarray(mark + compressedValueMark.length))];
  } catch {
    return [value];
  }
}

/** Blink's version tag, its mark for a value that needs processing, and "compressed with Snappy". */
const compressedValueMark = Buffer.from([0xff, 0x11, 0x02]);

function batchOf(record: Buffer): Buffer[] {
  const parts: Buffer[] = [];
  const sequenceAndCount = 12;
  const reader = new Reader(record.subarray(sequenceAndCount));
  while (!reader.atEnd) {
    const isPut = reader.byte() === 1;
    parts.push(reader.bytes(reader.varint()));
    if (isPut) parts.push(...unwrapped(reader.bytes(reader.varint())));
  }
  return parts;
}

function block(file: Buffer, offset: number, size: number): Buffer | null {
  const content = file.subarray(offset, offset + size);
  if (offset + size + blockTrailerBytes > file.length) return null;
  if (file[offset + size] !== snappyBlock) return content;
  try {
    return bytesOf(content);
  } catch {
    return null;
  }
}

function bytesOf(compressed: Buffer): Buffer {
  const content = uncompressSync(compressed, { asBuffer: true });
  return typeof content === 'string' ? Buffer.from(content) : content;
}

function* entriesOf(content: Buffer): Generator<{ readonly key: Buffer; readonly value: Buffer }> {
  if (content.length < 4) return;
  const restarts = content.readUInt32LE(content.length - 4);
  const reader = new Reader(content.subarray(0, content.length - 4 * (restarts + 1)));
  let key: Buffer = Buffer.alloc(0);
  while (!reader.atEnd) {
    const shared = reader.varint();
    const own = reader.varint();
    const size = reader.varint();
    key = Buffer.concat([key.subarray(0, shared), reader.bytes(own)]);
    yield { key, value: reader.bytes(size) };
  }
}

class Reader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get atEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }

  byte(): number {
    const byte = this.#bytes[this.#at];
    if (byte === undefined) throw new RangeError('behind the end');
    this.#at += 1;
    return byte;
  }

  varint(): number {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = this.byte();
      value += (byte & 0x7f) * factor;
      if (byte < 128) return value;
    }
  }

  bytes(length: number): Buffer {
    if (this.#at + length > this.#bytes.length) throw new RangeError('behind the end');
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }
}
