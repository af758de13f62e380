/** SNOMED CT identifiers: check digit by Verhoeff's dihedral scheme (SNOMED CT Release File Specification, 2.4). */
const MULTIPLY = [
  '0123456789',
  '1234067895',
  '2340178956',
  '3401289567',
  '4012395678',
  '5987604321',
  '6598710432',
  '7659821043',
  '8765932104',
  '9876543210',
] as const;
const PERMUTE = [
  '0123456789',
  '1576283094',
  '5803796142',
  '8916043527',
  '9453126870',
  '4286573901',
  '2793806415',
  '7046913258',
] as const;

/** Whether the text is a whole, well-formed SNOMED CT identifier of any kind. */
export function isSctid(text: string): boolean {
  if (!/^[1-9]\d{5,17}$/.test(text)) return false;
  let check = 0;
  for (let index = 0; index < text.length; index += 1) {
    const digit = Number(text.charAt(text.length - 1 - index));
    const permuted = Number(PERMUTE[index % 8]?.charAt(digit));
    check = Number(MULTIPLY[check]?.charAt(permuted));
  }
  return check === 0;
}

/** Whether it names a concept (partition 00 or 10), not a description or relationship of one. */
export function isConceptId(text: string): boolean {
  return isSctid(text) && /[01]0\d$/.test(text);
}

/** Local codes of one GP system (namespace 1000006): they mean nothing elsewhere and are never offered. */
export function isLocalSystemCode(text: string): boolean {
  return /1000006[01]\d\d$/.test(text);
}
