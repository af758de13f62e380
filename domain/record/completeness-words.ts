import { displayDate } from '../clinical/date-display.ts';
import type { RecordCompleteness } from './record-view.ts';

/**
 * What may be missing from a record, said wherever "none recorded" would otherwise be taken at its word (hazards 16, 32,
 * 33, 42). Null where nothing says that anything is missing.
 */
export function missingWords({ state, warnings }: RecordCompleteness): string | null {
  const transit = warnings.find((warning) => warning.code === 'data-in-transit');
  const parts = [
    transit === undefined
      ? null
      : transit.before === undefined
        ? 'Entries may be missing: the record is still in transit.'
        : `Entries before ${displayDate(transit.before)} may be missing.`,
    warnings.some((warning) => warning.code === 'confidential-items')
      ? 'Some items are withheld as confidential.'
      : null,
    warnings.some((warning) => warning.code === 'unreadable') ? 'Some entries could not be read.' : null,
    state === 'superseded' ? 'A newer copy is on its way.' : null,
  ].filter((part) => part !== null);
  return parts.length === 0 ? null : parts.join(' ');
}
