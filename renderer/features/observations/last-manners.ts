/** How this person measured last time, to be offered by name and never filled in unasked. Gone with the window; of no patient. */
import { PRESSURE_CODES } from '../../../domain/clinical/blood-pressure.ts';
import type { EnteredObservation } from '../../../domain/clinical/observation-resources.ts';
import { EMPTY_SET, type Manners, type SetState } from './set-state.ts';
import type { BoxKey } from './sets.ts';

type Offered = Pick<Manners, 'pressure' | 'arm' | 'temperature' | 'glucoseMethod' | 'hba1cMethod'>;

const lastByUser = new Map<string, Partial<Offered>>();

const BOX_OF: Readonly<Record<keyof Offered, BoxKey>> = {
  pressure: 'bloodPressure',
  arm: 'bloodPressure',
  temperature: 'temperature',
  glucoseMethod: 'glucose',
  hba1cMethod: 'hba1c',
};
const FIELDS = Object.keys(BOX_OF) as readonly (keyof Offered)[];

/** Keeps what was chosen for the values that were entered; what was not said changes nothing. */
export function rememberManners(
  user: string,
  { manners }: SetState,
  entered: readonly Pick<EnteredObservation, 'key'>[],
): void {
  const said = FIELDS.filter(
    (field) =>
      manners[field] !== EMPTY_SET.manners[field] && entered.some(({ key }) => key === BOX_OF[field]),
  );
  const chosen = Object.fromEntries(said.map((field) => [field, manners[field]]));
  lastByUser.set(user, { ...lastByUser.get(user), ...chosen });
}

/** What may be offered: for boxes of this set for which nobody has said anything yet. Null where there is nothing. */
export function mannersOffered(
  user: string,
  boxes: readonly BoxKey[],
  { manners }: SetState,
): { readonly manners: Partial<Manners>; readonly words: string } | null {
  const last = lastByUser.get(user) ?? {};
  const open = FIELDS.filter(
    (field) =>
      last[field] !== undefined &&
      manners[field] === EMPTY_SET.manners[field] &&
      boxes.includes(BOX_OF[field]),
  );
  if (open.length === 0) return null;
  return {
    manners: Object.fromEntries(open.map((field) => [field, last[field]])),
    words: open.map((field) => wordsOf(field, last)).join(', '),
  };
}

function wordsOf(field: keyof Offered, last: Partial<Offered>): string {
  if (field === 'pressure') return PRESSURE_CODES[last.pressure ?? 'on-examination'].label.toLowerCase();
  if (field === 'arm') return `${last.arm ?? ''} arm`;
  if (field === 'temperature') return `temperature: ${last.temperature ?? ''}`;
  if (field === 'glucoseMethod') return `glucose: ${last.glucoseMethod ?? ''}`;
  return `HbA1c: ${last.hba1cMethod ?? ''}`;
}
