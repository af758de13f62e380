import { displayDate } from '../../../domain/clinical/date-display.ts';
import type { AllergyView } from '../../../domain/record/record-view.ts';
import { Tag } from '../../ui/index.ts';
import { Nothing } from './nothing.tsx';
import { Marks } from './marks.tsx';
import { useRecordAction } from './record-actions.ts';

export function allergyCount(allergies: readonly AllergyView[]): number {
  return allergies.filter(isCurrent).length;
}

/** Current ones first; ended, refuted and mistaken ones apart and named as such (hazard 88). */
export function AllergyLines({ allergies }: { readonly allergies: readonly AllergyView[] }) {
  const current = allergies.filter(isCurrent);
  const past = allergies.filter((allergy) => !isCurrent(allergy));
  if (allergies.length === 0)
    return (
      <Nothing hint="Ask, and record “No known allergy” or the allergen.">Allergies not recorded.</Nothing>
    );
  return (
    <ul className="lines">
      {current.map((allergy) => (
        <AllergyLine key={`${allergy.source.key} ${allergy.source.disputed ?? ''}`} allergy={allergy} />
      ))}
      {past.length > 0 ? <li className="line-item quiet">Ended, refuted or entered in error</li> : null}
      {past.map((allergy) => (
        <AllergyLine key={`${allergy.source.key} ${allergy.source.disputed ?? ''}`} allergy={allergy} />
      ))}
    </ul>
  );
}

function AllergyLine({ allergy }: { readonly allergy: AllergyView }) {
  const act = useRecordAction();
  const ended = !isCurrent(allergy);
  return (
    <li className="line-item">
      <button
        type="button"
        className="line-button"
        onClick={() => {
          act({ kind: 'change-allergy', key: allergy.source.key });
        }}
      >
        <span className={ended ? 'quiet' : 'strong'}>{allergy.agent}</span>
        <span className="grow">
          {[...allergy.reactions, allergy.severity ?? ''].filter(Boolean).join(', ')}
        </span>
        <span className="quiet nowrap">{displayDate(allergy.recorded ?? allergy.onset ?? undefined)}</span>
      </button>
      {allergy.status === 'active' || allergy.enteredInError ? null : (
        <Tag>
          {allergy.status === 'ended'
            ? `Ended ${displayDate(allergy.ended ?? undefined)}${allergy.endReason ? `: ${allergy.endReason}` : ''}`
            : allergy.status}
        </Tag>
      )}
      {allergy.canBeChecked || allergy.saysNone ? null : (
        <Tag tone="amber">cannot be checked automatically</Tag>
      )}
      <Marks source={allergy.source} origin={allergy.origin} enteredInError={allergy.enteredInError} />
      {allergy.notes.map((note, index) => (
        <p key={index} className="preserve">
          {note}
        </p>
      ))}
    </li>
  );
}

function isCurrent(allergy: AllergyView): boolean {
  return allergy.status === 'active' || allergy.status === 'unconfirmed';
}
