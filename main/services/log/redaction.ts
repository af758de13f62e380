/**
 * What may be written about an event. Keys are allowed, not forbidden: a field that nobody thought of stays out.
 * Patient data, tokens and addresses never reach the log (Governance: audit and logs are protected apart).
 */
const allowedKeys: ReadonlySet<string> = new Set([
  'code',
  'channel',
  'count',
  'operations',
  'groups',
  'patients',
  'bytes',
  'milliseconds',
  'attempt',
  'status',
  'phase',
  'reason',
  'version',
  'electron',
  'flavour',
  'port',
  'position',
  'process',
  'exitCode',
  'backend',
  'kind',
]);

/** Anything that could be a person: NHS numbers, dates of birth, names in capitals with a comma, e-mail, tokens. */
const patterns: readonly RegExp[] = [
  /\b\d{3}[ -]?\d{3}[ -]?\d{4}\b/g,
  /\b\d{4}-\d{2}-\d{2}\b(?!T)/g,
  /\b\d{2}[-/ ](?:\d{2}|[A-Za-z]{3,4})[-/ ]\d{4}\b/g,
  /\b[A-Z][A-Z'’-]+, [A-Z][a-z]+[^"]*/g,
  /\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b/g,
  /[\w.+-]+@[\w-]+\.[\w.]+/g,
  /\b[\w-]{20,}\.[\w-]{10,}\.[\w-]{10,}\b/g,
  /https?:\/\/\S+/g,
  /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g,
];

/** Replaces whatever could identify a person. For short technical sentences; it errs on the side of hiding. */
export function redactText(text: string): string {
  return patterns.reduce((result, pattern) => result.replace(pattern, '[removed]'), text).slice(0, 500);
}

export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

export function redactFields(fields: LogFields): Record<string, string | number | boolean> {
  const safe: Record<string, string | number | boolean> = {};
  for (const [key, value] of Object.entries(fields)) {
    if (value === undefined || !allowedKeys.has(key)) continue;
    safe[key] = typeof value === 'string' ? redactText(value) : value;
  }
  return safe;
}
