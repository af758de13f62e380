import type { Basic } from '@medplum/fhirtypes';
import { parseExact } from '../../domain/fhir/exact-json.ts';
import {
  readPracticeSettings,
  switchedOffWords,
  type PracticeSettings,
  type SwitchTarget,
} from '../../domain/record/practice-setting.ts';
import type { RecordTransaction } from '../store/record-store.ts';
import type { CombinedSafetyRules } from './combined-safety-port.ts';

/** By which switch of the practice a finding's rule is turned off. */
const switchOf: Readonly<Record<string, SwitchTarget>> = {
  allergy: 'rule:allergy-check',
  'not-checked': 'rule:allergy-check',
  'same-product': 'rule:given-before',
};

/**
 * A rule that the practice has switched off is not silenced where work meets (H-039): it finds what it finds, and every
 * finding says that the practice does not rely on it, and why.
 */
export function saidToBeOff(
  rules: CombinedSafetyRules,
  settings: Pick<PracticeSettings, 'switchedOff'>,
): CombinedSafetyRules {
  return (work) =>
    rules(work).map((finding) => {
      const target = switchOf[finding.code];
      const off = target === undefined ? null : switchedOffWords(settings, target);
      return off === null ? finding : { ...finding, text: `${finding.text} ${off}.` };
    });
}

export async function practiceSettings({
  database,
  organisation,
}: RecordTransaction): Promise<PracticeSettings> {
  const rows = await database
    .selectFrom('resource')
    .select('content')
    .where('organisation', '=', organisation)
    .where('type', '=', 'Basic')
    .where('patient_id', 'is', null)
    .where('deleted', '=', false)
    .execute();
  return readPracticeSettings(rows.map(({ content }) => parseExact(content ?? 'null') as Basic));
}
