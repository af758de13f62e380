import type { LastValue } from '../../../domain/record/record-view.ts';

const ARROWS = { up: '↑', down: '↓', same: '→' } as const;
const WORDS = { up: 'higher than before', down: 'lower than before', same: 'as before' } as const;

export function TrendArrow({ direction }: { readonly direction: LastValue['direction'] }) {
  if (direction === null) return null;
  return (
    <span title={WORDS[direction]}>
      <span aria-hidden="true">{ARROWS[direction]}</span>
      <span className="spoken">{WORDS[direction]}</span>
    </span>
  );
}
