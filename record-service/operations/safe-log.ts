/**
 * What may be said about an error in a log: its kind and where it was thrown. Never its message: a database quotes
 * values in its messages, and a parser quotes its input.
 */
export function describeError(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { kind: typeof error };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return {
    kind: error.name,
    ...(code === undefined ? {} : { code }),
    at: frames
      .slice(0, 8)
      .map((line) => line.trim().replace(/\(?(?:file:\/\/)?\/\S*\/(?=[^/]+:\d+:\d+)/, '')),
    ...(error.cause === undefined ? {} : { cause: describeError(error.cause) }),
  };
}
