import type { CodeableConcept } from '@medplum/fhirtypes';
import { conceptText, isTransferDegraded, snomedCodeOf } from '../fhir/codeable-concept.ts';
import type { CodedText } from './record-view.ts';

/** A concept in words with its code. A degraded code keeps the words that it stands for. */
export function codedText(concept: CodeableConcept | undefined, otherwise = 'No words recorded'): CodedText {
  const degraded = isTransferDegraded(concept);
  return {
    text: conceptText(concept) ?? otherwise,
    code: snomedCodeOf(concept),
    degraded,
  };
}
