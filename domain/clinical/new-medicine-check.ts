import type { AllergyIntolerance } from '@medplum/fhirtypes';
import { checkAllergies } from './allergy-check.ts';
import { isCurrentAllergy } from './allergy-summary.ts';
import type { MedicineFacts } from './medicine-facts.ts';
import { checkPair } from './therapy-check.ts';
import { checkWrittenMedicines } from './written-medicines.ts';

/** What the record says about a medicine that is about to be recorded. */
export interface NewMedicineCheck {
  /** Known allergies and serious interactions: it is recorded with a reason or not at all. Each a sentence. */
  readonly against: readonly string[];
  /** The same medicine or class twice, and interactions that ask for care. */
  readonly cautions: readonly string[];
  /** What no rule could read. */
  readonly notChecked: readonly string[];
  /** What was checked and how far it reaches; never "no conflict". */
  readonly words: readonly string[];
}

/**
 * The rules that also run where work made apart meets (combined-safety), at the moment of writing.
 * @param allergies of the record; null while that check is switched off
 * @param inUse names of the medicines that count as current
 * @param dataTo local time of the data, `HH:mm`
 */
export function checkNewMedicine(
  medicine: string,
  allergies: readonly AllergyIntolerance[] | null,
  inUse: readonly string[],
  facts: MedicineFacts,
  dataTo: string,
): NewMedicineCheck {
  const ofAllergies = allergies === null ? null : allergyCheck(medicine, allergies, facts, dataTo);
  const pairs = inUse.flatMap((other) => checkPair(medicine, other, facts));
  const serious = pairs.filter(({ kind, severity }) => kind === 'interaction' && severity === 'serious');
  const against = [...(ofAllergies?.against ?? []), ...serious.map(({ words }) => words)];
  const cautions = pairs.filter((finding) => !serious.includes(finding)).map(({ words }) => words);
  return {
    against: [...new Set(against)],
    cautions: [...new Set(cautions)],
    notChecked: ofAllergies?.notChecked ?? [],
    words: [
      ...(ofAllergies ? [ofAllergies.words] : []),
      interactionWords(inUse.length, pairs.length, dataTo),
    ],
  };
}

function allergyCheck(
  medicine: string,
  allergies: readonly AllergyIntolerance[],
  facts: MedicineFacts,
  dataTo: string,
): { readonly against: readonly string[]; readonly notChecked: readonly string[]; readonly words: string } {
  const named = checkAllergies(medicine, allergies, facts, dataTo);
  // A class is no ingredient: "penicillin" is read as words are.
  const written = checkWrittenMedicines(medicine, allergies, facts, dataTo);
  const byName = named.findings.length > 0 || written.findings.length === 0;
  return {
    against: (byName ? named : written).findings.map(({ words }) => words),
    notChecked: [
      ...(byName ? named : written).notChecked,
      ...(allergies.some(isCurrentAllergy) ? [] : ['Allergies are not recorded here.']),
    ].filter((words, at, all) => all.indexOf(words) === at),
    words: (byName ? named : written).words,
  };
}

function interactionWords(medicines: number, found: number, dataTo: string): string {
  if (medicines === 0) return `No current medicine in data to ${dataTo} to check it against.`;
  const what = `Interactions with ${medicines === 1 ? 'the current medicine' : `the ${medicines} current medicines`}`;
  return `${what}: ${found === 0 ? 'none' : found} among those known here, in data to ${dataTo}.`;
}
