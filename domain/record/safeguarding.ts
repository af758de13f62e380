import type { Flag } from '@medplum/fhirtypes';
import { conceptText } from '../fhir/codeable-concept.ts';

/** Whether a flag is about safeguarding: never on prints, and on screen a discreet mark only. */
export function isSafeguarding(flag: Flag): boolean {
  const words = [conceptText(flag.code), ...(flag.category ?? []).map(conceptText)].join(' ');
  return /safeguard|child protection|domestic abuse|vulnerable (?:adult|child)|(?:adult|child) at risk/i.test(
    words,
  );
}
