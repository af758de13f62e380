import { useState } from 'react';
import { Button } from '../../ui/index.ts';
import { useCommand } from '../../ui/commands/index.ts';
import { GiveUp } from './give-up.tsx';
import type { DraftState } from './use-draft.ts';

/** The way out of what is being written: offered once there is a draft, and asked before it goes. */
export function GiveUpDraft({
  name,
  group,
  whose,
  draftId,
  draft,
  isResumed,
  words,
  stays,
  onGivenUp,
}: {
  /** `note`, `set` */
  readonly name: string;
  readonly group: 'Consultation' | 'Observations';
  readonly whose: string;
  readonly draftId: string;
  readonly draft: DraftState;
  readonly isResumed: boolean;
  readonly words: readonly string[];
  readonly stays?: string | undefined;
  readonly onGivenUp: () => void;
}) {
  const [asking, setAsking] = useState(false);
  const isThere = isResumed || draft.durableAt !== null;
  const ask = async () => {
    // The last keystrokes belong to what is shown and given up.
    if (await draft.flush()) setAsking(true);
  };
  useCommand({
    id: `${group.toLowerCase()}.give-up`,
    title: `Give this ${name} up: it is not signed and does not come back`,
    keys: 'Ctrl+G',
    group,
    enabled: isThere && !asking,
    run: () => void ask(),
  });
  return (
    <>
      {isThere ? (
        <Button keys="Ctrl+G" onClick={() => void ask()}>
          Give this {name} up…
        </Button>
      ) : null}
      {asking ? (
        <GiveUp
          title={`Give this ${name} up`}
          whose={whose}
          draftId={draftId}
          words={words}
          stays={stays}
          onGivenUp={() => {
            draft.ended();
            onGivenUp();
          }}
          onClose={() => {
            setAsking(false);
          }}
        />
      ) : null}
    </>
  );
}
