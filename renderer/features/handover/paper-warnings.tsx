import { displayDate } from '../../../domain/clinical/date-display.ts';
import type { AllergySummary } from '../../../domain/clinical/allergy-summary.ts';
import type { Handover } from '../../../domain/record/handover.ts';
import type { AlertView, AllergyView } from '../../../domain/record/record-view.ts';
import { LineMarks, None, Part } from './paper-parts.tsx';

/** Every current allergen with its reactions; the title is the banner's, with what qualifies it. */
export function PaperAllergies({
  summary,
  made,
  missing,
}: {
  readonly summary: AllergySummary;
  readonly made: Pick<Handover, 'allergies' | 'pastAllergies'>;
  readonly missing: string | null;
}) {
  const { allergies, pastAllergies } = made;
  return (
    <Part title="Allergies and adverse reactions" strong>
      <p>
        <strong className="handover-loud">
          {summary.emphasised ? '⚠ ' : ''}
          {summary.heading}
        </strong>
      </p>
      {allergies.length === 0 ? null : (
        <ul>
          {allergies.map((allergy) => (
            <li key={`${allergy.source.key} ${allergy.source.disputed ?? ''}`}>
              <strong>{allergy.agent}</strong> {allergyWords(allergy)}
              <LineMarks source={allergy.source} origin={allergy.origin} />
            </li>
          ))}
        </ul>
      )}
      {allergies.length === 0 ? (
        <None>Ask the patient, family or carers.{missing === null ? '' : ` ${missing}`}</None>
      ) : null}
      {pastAllergies > 0 ? (
        <p className="handover-rest">{pastAllergies} ended, refuted or entered in error: in the record.</p>
      ) : null}
    </Part>
  );
}

function allergyWords(allergy: AllergyView): string {
  const { reactions, severity, status, canBeChecked, saysNone, notes, recorded, onset } = allergy;
  const reaction = saysNone
    ? null
    : reactions.length > 0
      ? `(${reactions.join(', ')})`
      : '(reaction not recorded)';
  const said = [
    severity === null ? null : severity === 'high' ? 'high risk' : severity,
    status === 'unconfirmed' ? 'unconfirmed' : null,
    canBeChecked || saysNone ? null : 'cannot be checked automatically',
    recorded === null && onset === null ? null : `recorded ${displayDate(recorded ?? onset ?? undefined)}`,
    ...notes,
  ].filter((part) => part !== null);
  return [reaction, ...said]
    .filter((part) => part !== null)
    .join(', ')
    .replace('), ', ') ');
}

/** Whether to resuscitate and how far to treat; that nothing is recorded is said, and means nothing. */
export function PaperResuscitation({ decisions }: { readonly decisions: readonly AlertView[] }) {
  return (
    <Part title="Resuscitation and treatment escalation" strong>
      {decisions.length === 0 ? (
        <None>No decision is recorded in the data here. Ask.</None>
      ) : (
        <ul>
          {decisions.map(({ source, text, when }) => (
            <li key={`${source.key} ${source.disputed ?? ''}`}>
              <strong className="handover-loud">
                {/verify the original/i.test(text) ? text : `${text}: verify the original`}
              </strong>{' '}
              {when === null ? '(date not recorded)' : `(${displayDate(when)})`}
              <LineMarks source={source} />
            </li>
          ))}
        </ul>
      )}
    </Part>
  );
}

const PREGNANCY_WORDS = {
  pregnant: 'Pregnant',
  'recent-birth': 'Gave birth lately',
  'not-pregnant': 'Not pregnant',
} as const;

/** Oxygen target and pregnancy before what else a crew must know. */
export function PaperAlerts({
  made: { oxygenTarget, pregnancy, alerts },
}: {
  readonly made: Pick<Handover, 'oxygenTarget' | 'pregnancy' | 'alerts'>;
}) {
  if (oxygenTarget === null && pregnancy === null && alerts.items.length + alerts.leftOut === 0) return null;
  return (
    <Part title="Safety alerts" rest={[alerts]}>
      <ul>
        {oxygenTarget === null ? null : (
          <li>
            <strong className="handover-loud">Oxygen target 88 to 92%</strong> (SpO2 scale 2: hypercapnic
            respiratory failure confirmed by {oxygenTarget.by ?? 'author not recorded'},{' '}
            {displayDate(oxygenTarget.on)})
          </li>
        )}
        {pregnancy === null ? null : (
          <li>
            <strong>{PREGNANCY_WORDS[pregnancy.answer]}</strong> (answered {displayDate(pregnancy.on)}
            {pregnancy.holds ? '' : `; held until ${displayDate(pregnancy.until)}: ask again`})
          </li>
        )}
        {alerts.items.map(({ source, text, when }) => (
          <li key={`${source.key} ${source.disputed ?? ''}`}>
            <strong>{text}</strong>
            {when === null ? '' : ` (${displayDate(when)})`}
            <LineMarks source={source} />
          </li>
        ))}
      </ul>
    </Part>
  );
}
