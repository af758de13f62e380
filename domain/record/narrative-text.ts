const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  '#160': ' ',
  '#39': "'",
};

/**
 * The words of a FHIR narrative, lines kept. Narrative HTML is never injected into a screen: it is read as text.
 * What stands in script or style is not text of the record and is left out.
 */
export function narrativeText(div: string | undefined): readonly string[] {
  if (div === undefined) return [];
  return div
    .replace(/<(script|style)\b[\s\S]*?<\/\1\s*>/gi, '')
    .replace(/<\s*(?:br|\/?(?:p|div|li|tr|h[1-6]))\b[^>]*>/gi, '\n')
    .replace(/<\s*\/t[dh]\b[^>]*>/gi, '\t')
    .replace(/<[^>]*>/g, '')
    .replace(/&(#?\w+);/g, (whole, name: string) => ENTITIES[name.toLowerCase()] ?? whole)
    .split('\n')
    .map((line) => line.replace(/[ \t\r]+/g, ' ').trim())
    .filter((line) => line !== '');
}
