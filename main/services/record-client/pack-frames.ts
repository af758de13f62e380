import * as v from 'valibot';
import { packHeaderSchema } from '../../../contract/record-service.ts';
import type { PackHeader } from '../../../contract/record-service.ts';

/** The stream ended within a frame, or what came is no frame. Frames handed over before stay good. */
export class TruncatedPacks extends Error {
  constructor() {
    super('the stream of packs broke off');
    this.name = 'TruncatedPacks';
  }
}

const longestHeader = 64 * 1024;
/** No real record compresses to this; a larger length is a broken stream. */
const longestBody = 256 * 1024 * 1024;

/**
 * Reads `u32 header length | header | u32 body length | body` (contract/record-service.ts) and hands over each
 * pack when it is whole, waiting for `receive` before reading on.
 */
export async function readPackFrames(
  stream: ReadableStream<Uint8Array>,
  receive: (pack: { readonly header: PackHeader; readonly body: ArrayBuffer }) => Promise<void>,
): Promise<void> {
  const reader = stream.getReader();
  const buffered = new BufferedBytes(async () => {
    try {
      const { done, value } = await reader.read();
      return done ? null : value;
    } catch {
      throw new TruncatedPacks();
    }
  });
  try {
    for (;;) {
      if (await buffered.atEnd()) return;
      const header = readHeader(await buffered.take(await lengthWithin(buffered, longestHeader)));
      const body = await buffered.take(await lengthWithin(buffered, longestBody));
      await receive({ header, body: body.buffer });
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

async function lengthWithin(buffered: BufferedBytes, longest: number): Promise<number> {
  const bytes = await buffered.take(4);
  const length = new DataView(bytes.buffer).getUint32(0);
  if (length > longest) throw new TruncatedPacks();
  return length;
}

function readHeader(bytes: Uint8Array): PackHeader {
  try {
    return v.parse(packHeaderSchema, JSON.parse(Buffer.from(bytes).toString('utf8')));
  } catch {
    throw new TruncatedPacks();
  }
}

class BufferedBytes {
  readonly #next: () => Promise<Uint8Array | null>;
  readonly #chunks: Uint8Array[] = [];
  #length = 0;

  constructor(next: () => Promise<Uint8Array | null>) {
    this.#next = next;
  }

  async atEnd(): Promise<boolean> {
    return this.#length === 0 && !(await this.#pull());
  }

  /** A copy of its own buffer, so that it can be transferred to the worker. */
  async take(length: number): Promise<Uint8Array<ArrayBuffer>> {
    while (this.#length < length) if (!(await this.#pull())) throw new TruncatedPacks();
    const taken = new Uint8Array(length);
    for (let at = 0; at < length;) {
      const chunk = this.#chunks[0];
      if (chunk === undefined) throw new TruncatedPacks();
      const part = chunk.subarray(0, length - at);
      taken.set(part, at);
      at += part.length;
      if (part.length === chunk.length) this.#chunks.shift();
      else this.#chunks[0] = chunk.subarray(part.length);
    }
    this.#length -= length;
    return taken;
  }

  async #pull(): Promise<boolean> {
    let chunk: Uint8Array | null;
    do {
      chunk = await this.#next();
      if (chunk === null) return false;
    } while (chunk.length === 0);
    this.#chunks.push(chunk);
    this.#length += chunk.length;
    return true;
  }
}
