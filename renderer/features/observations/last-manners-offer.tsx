import { Button } from '../../ui/index.ts';
import { useCommand } from '../../ui/commands/index.ts';
import { mannersOffered } from './last-manners.ts';
import type { SetState } from './set-state.ts';
import type { BoxKey } from './sets.ts';

/** Position, site and method as this person said them last: named, and taken by one key or not at all. */
export function LastMannersOffer({
  user,
  boxes,
  state,
  onState,
}: {
  readonly user: string;
  readonly boxes: readonly BoxKey[];
  readonly state: SetState;
  readonly onState: (state: SetState) => void;
}) {
  const offered = mannersOffered(user, boxes, state);
  const take = () => {
    if (offered) onState({ ...state, manners: { ...state.manners, ...offered.manners } });
  };
  useCommand({
    id: 'observations.as-last',
    title: 'Measured as in your last set',
    keys: 'Alt+L',
    group: 'Observations',
    enabled: offered !== null,
    run: take,
  });
  return offered ? (
    <p className="row quiet small">
      <span className="grow">How it was measured is not said. Your last set: {offered.words}.</span>
      <Button tone="plain" keys="Alt+L" onClick={take}>
        As last
      </Button>
    </p>
  ) : null;
}
