/** A measured value that was written down wrongly: a new version with its reason; the old value stays in the entry. */
import type { Extension, Observation, ObservationComponent } from '@medplum/fhirtypes';
import { isNews2Total } from '../clinical/news2-codes.ts';
import { NUMBER_DEFINITIONS, type NumberKey } from '../clinical/observation-definitions.ts';
import type { EnteredPressure, EnteredValue } from '../clinical/observation-entry.ts';
import { outcome } from '../clinical/observation-shell.ts';
import { unitWords } from '../clinical/units.ts';
import { snomedCodes } from '../fhir/codeable-concept.ts';
import { observationKind } from './observation-kind.ts';
import { observationText, pressurePair } from './observation-value.ts';
import { edit, type EditContext, type RecordEdit } from './record-edit.ts';
import { extensionsOf, EXTENSION } from './record-extensions.ts';

/** A new value for an observation, as a box of the set reads it. */
export type CorrectedValue =
  | { readonly key: 'bloodPressure'; readonly value: EnteredPressure }
  | { readonly key: NumberKey; readonly value: EnteredValue };

/** What stood there before a correction. */
export interface Correction {
  /** The old value in words, with its unit. */
  readonly was: string;
  readonly when: string | null;
  readonly author: string | null;
  readonly reason: string | null;
}

/** Which box corrects this observation; `null`: mark it as entered in error and record it anew. */
export function correctableAs(observation: Observation): CorrectedValue['key'] | null {
  if (observation.status === 'entered-in-error') return null;
  const { kind } = observationKind(observation);
  if (kind.startsWith('bloodPressure')) return 'bloodPressure';
  const key = Object.values(NUMBER_DEFINITIONS).find((definition) => definition.key === kind)?.key;
  return key === undefined || key === 'bmi' ? null : key;
}

/** The same observation with another value; time, method, place and every older correction stay. */
export function correctObservation(
  observation: Observation,
  corrected: CorrectedValue,
  reason: string,
  context: EditContext,
): RecordEdit {
  const before: Extension = {
    url: EXTENSION.correction,
    extension: [
      { url: 'was', valueString: observationText(observation) ?? 'no value' },
      { url: 'when', valueDateTime: context.recorded },
      { url: 'author', valueString: context.author.name },
      { url: 'reason', valueString: reason },
    ],
  };
  const after: Observation = {
    ...(corrected.key === 'bloodPressure'
      ? withPressure(observation, corrected.value)
      : withNumber(observation, corrected.key, corrected.value)),
    status: 'corrected',
    extension: [...(observation.extension ?? []), before],
  };
  return edit('correct', after, reason);
}

/** Corrections of an entry, newest first: what its provenance shows. */
export function correctionsOf(resource: {
  readonly extension?: readonly Extension[];
}): readonly Correction[] {
  return extensionsOf(resource, EXTENSION.correction)
    .map((extension): Correction => {
      const part = (url: string) => extension.extension?.find((one) => one.url === url);
      return {
        was: part('was')?.valueString ?? 'not recorded',
        when: part('when')?.valueDateTime ?? null,
        author: part('author')?.valueString ?? null,
        reason: part('reason')?.valueString ?? null,
      };
    })
    .reverse();
}

/**
 * What was worked out from this observation and no longer holds once it is corrected: NEWS2 totals that name it, and
 * the BMI of the same moment where weight or height was wrong.
 */
export function workedOutFrom(
  observation: Observation,
  others: readonly Observation[],
): readonly Observation[] {
  const reference = `Observation/${observation.id ?? ''}`;
  const { kind } = observationKind(observation);
  const feedsBmi = kind === 'weight' || kind === 'height';
  return others.filter((other) => {
    if (other.status === 'entered-in-error' || other.id === observation.id) return false;
    if (snomedCodes(other.code).some(isNews2Total))
      return other.hasMember?.some((member) => member.reference === reference) === true;
    return (
      feedsBmi &&
      observationKind(other).kind === 'bmi' &&
      other.effectiveDateTime !== undefined &&
      other.effectiveDateTime === observation.effectiveDateTime
    );
  });
}

function withNumber(observation: Observation, key: NumberKey, value: EnteredValue): Observation {
  const { ucum } = NUMBER_DEFINITIONS[key];
  return { ...withoutValue(observation), ...outcome(value, unitWords(ucum), ucum) };
}

function withPressure(observation: Observation, value: EnteredPressure): Observation {
  const pair = pressurePair(observation);
  const replaced = (component: ObservationComponent): ObservationComponent => {
    if (component === pair?.systolic)
      return { ...withoutValue(component), ...outcome(value.systolic, 'mmHg', 'mm[Hg]') };
    if (component === pair?.diastolic)
      return { ...withoutValue(component), ...outcome(value.diastolic, 'mmHg', 'mm[Hg]') };
    return component;
  };
  return { ...observation, component: (observation.component ?? []).map(replaced) };
}

/** A value and a reason for none exclude each other in FHIR (obs-6). */
function withoutValue<Valued extends Observation | ObservationComponent>(valued: Valued): Valued {
  const rest = { ...valued };
  delete rest.valueQuantity;
  delete rest.valueString;
  delete rest.valueCodeableConcept;
  delete rest.dataAbsentReason;
  delete rest.interpretation;
  return rest;
}
