import type { MouseEvent } from 'react';
import type { AgendaLine } from '../../cache/index.ts';
import { Button } from '../../ui/index.ts';
import { NEXT_STEPS, STEP_KEYS } from './visit-change.ts';
import { stepWords } from './visit-keys.tsx';
import { useVisitSteps } from './visit-steps.tsx';
import type { VisitStatus } from './visit-status.ts';

/**
 * The next steps of one visit; cancelling asks for its reason elsewhere. The keys act on the chosen line and are seen
 * only there. Identity is read from the line that was pressed: this screen has
 * no banner (PAB-0015).
 */
export function VisitActions({ line, status }: { readonly line: AgendaLine; readonly status: VisitStatus }) {
  const steps = useVisitSteps();
  const step = (event: MouseEvent<HTMLElement>, to: VisitStatus) => {
    const shown = event.currentTarget.closest<HTMLElement>('[data-line-patient]');
    void steps.take(line, to, shown?.dataset['linePatient'] ?? null);
  };
  return (
    <span className="visit-actions">
      {NEXT_STEPS[status]
        .filter(({ to }) => to !== 'cancelled')
        .map(({ to, label }) => (
          <Button
            key={to}
            disabled={steps.busy}
            keys={STEP_KEYS[to]}
            onClick={(event) => {
              step(event, to);
            }}
          >
            {to === 'did-not-attend' ? stepWords(to, line) : label}
          </Button>
        ))}
    </span>
  );
}
