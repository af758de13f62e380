import type { CodeableConcept, Coding } from '@medplum/fhirtypes';

export const SNOMED_SYSTEM = 'http://snomed.info/sct';
export const LOINC_SYSTEM = 'http://loinc.org';

export function snomed(code: string, display: string): CodeableConcept {
  return { coding: [snomedCoding(code, display)], text: display };
}

export function snomedCoding(code: string, display: string): Coding {
  return { system: SNOMED_SYSTEM, code, display };
}

/** Every SNOMED CT code of a concept, in the order given. */
export function snomedCodes(concept: CodeableConcept | undefined): readonly string[] {
  const codes: string[] = [];
  for (const coding of concept?.coding ?? []) {
    if (coding.system === SNOMED_SYSTEM && coding.code !== undefined) codes.push(coding.code);
  }
  return codes;
}

/** The SNOMED CT code to show first: the one the user chose, else the first. */
export function snomedCodeOf(concept: CodeableConcept | undefined): string | null {
  const chosen = concept?.coding?.find(
    (coding) => coding.system === SNOMED_SYSTEM && coding.userSelected === true,
  );
  return chosen?.code ?? snomedCodes(concept)[0] ?? null;
}

export function hasAnySnomedCode(concept: CodeableConcept | undefined, codes: ReadonlySet<string>): boolean {
  return snomedCodes(concept).some((code) => codes.has(code));
}

/** `Transfer-degraded …` codes: what the record meant is only in the text (clinical.md, hazards 2 and 89). */
const DEGRADED_CODES: ReadonlySet<string> = new Set([
  '196411000000103',
  '196421000000109',
  '196431000000106',
  '196441000000102',
  '196451000000104',
  '196461000000101',
  '196471000000108',
]);

export function isTransferDegraded(concept: CodeableConcept | undefined): boolean {
  if (hasAnySnomedCode(concept, DEGRADED_CODES)) return true;
  return concept?.coding?.some((coding) => /^transfer-degraded/i.test(coding.display ?? '')) ?? false;
}

/**
 * What a person should read: the text the author saw; else the chosen or first display; else the bare code.
 * For a degraded code the text is what was meant, so a degraded display is never put in its place.
 * Null only where the concept carries nothing at all.
 */
export function conceptText(concept: CodeableConcept | undefined): string | null {
  if (!concept) return null;
  const text = concept.text?.trim();
  if (text) return text;
  const codings = concept.coding ?? [];
  const shown =
    codings.find((coding) => coding.userSelected === true && coding.display) ??
    codings.find((coding) => coding.display);
  return shown?.display ?? codings.find((coding) => coding.code)?.code ?? null;
}
