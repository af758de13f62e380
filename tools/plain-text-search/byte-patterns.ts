/** One way in which a text may lie on a disk. */
export interface BytePattern {
  /** Index of the text that it stands for. */
  readonly text: number;
  readonly form: 'utf-8' | 'utf-16' | 'base64';
  readonly bytes: Buffer;
}

/** Shorter patterns turn up in sealed bytes by chance: six bytes do so once in some hundred terabytes. */
const shortest = 6;

/**
 * Every way in which the text is looked for: as written, in small and in capital letters; in UTF-8, UTF-16LE and
 * base64 of UTF-8 at each of the three places in which a group of three bytes may begin. A short text is looked for
 * in UTF-8 only where something that surrounds strings stands around it: the quotes of JSON, or V8's length mark.
 */
export function patternsOf(text: string, index: number): readonly BytePattern[] {
  const spellings = new Set([text, text.toLowerCase(), text.toUpperCase()]);
  return [...spellings].flatMap((spelling) => {
    const bytes = Buffer.from(spelling, 'utf8');
    const found: BytePattern[] = [
      ...(bytes.length >= shortest ? [bytes] : surrounded(bytes)).map((form): BytePattern => ({
        text: index,
        form: 'utf-8',
        bytes: form,
      })),
      { text: index, form: 'utf-16', bytes: Buffer.from(spelling, 'utf16le') },
      ...[0, 1, 2].map((offset): BytePattern => ({
        text: index,
        form: 'base64',
        bytes: Buffer.from(base64Inside(bytes, offset), 'latin1'),
      })),
    ];
    return found.filter((pattern) => pattern.bytes.length >= shortest);
  });
}

/** The text anywhere at all, however short: for what the program itself holds, where chance does no harm. */
export function barePatternsOf(text: string, index: number): readonly BytePattern[] {
  return [...new Set([text, text.toLowerCase(), text.toUpperCase()])].flatMap((spelling): BytePattern[] => [
    { text: index, form: 'utf-8', bytes: Buffer.from(spelling, 'utf8') },
    { text: index, form: 'utf-16', bytes: Buffer.from(spelling, 'utf16le') },
  ]);
}

function surrounded(bytes: Buffer): Buffer[] {
  const quote = Buffer.from('"');
  return [
    Buffer.concat([quote, bytes, quote]),
    // A one-byte string of V8's structured clone: its tag is the quote too, then the length.
    Buffer.concat([quote, Buffer.from([bytes.length]), bytes]),
  ];
}

/** The characters that say nothing but these bytes, where `offset` unknown bytes precede them in their group. */
function base64Inside(bytes: Buffer, offset: number): string {
  const encoded = Buffer.concat([Buffer.alloc(offset), bytes])
    .toString('base64')
    .replaceAll('=', '');
  const first = Math.ceil((offset * 8) / 6);
  const whole = Math.floor(((offset + bytes.length) * 8) / 6);
  return encoded.slice(first, whole);
}
