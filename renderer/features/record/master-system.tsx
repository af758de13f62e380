import { displayDateTime, displayTime } from '../../../domain/clinical/date-display.ts';
import { masterSystemWords } from '../../../domain/record/practice-setting.ts';
import { usePractice } from '../practice/index.ts';
import { localInstant } from '../../ui/index.ts';

/** Which system prescribes, and of when this copy of its list is: on the screen and on paper (H-040). */
export function MasterSystem({ asOf }: { readonly asOf: string | null }) {
  const { settings } = usePractice();
  const isToday = asOf?.slice(0, 10) === localInstant().slice(0, 10);
  const copyOf = asOf === null ? null : isToday ? displayTime(asOf) : displayDateTime(asOf);
  return <p className="master-system">{masterSystemWords(settings, copyOf)}</p>;
}
