import { SWITCHABLE_RULES, type SwitchableRule } from '../../../domain/record/practice-setting.ts';
import { SwitchLine } from './switch-line.tsx';

/** Every check whose result stands on a screen, on or off for the whole practice. */
export function Checks({ may }: { readonly may: boolean }) {
  return (
    <section className="stack" aria-label="Checks">
      <h2>Checks</h2>
      <p className="quiet">
        A check that is found faulty is switched off here for every computer of the practice. Where its result
        would stand, the screen then says so with your reason. What the service finds when work made apart
        meets still comes, and says that the check is off.
      </p>
      <ul className="templates-checks">
        {Object.entries(SWITCHABLE_RULES).map(([rule, name]) => (
          <li key={rule}>
            <strong>{name}</strong>
            <SwitchLine target={`rule:${rule as SwitchableRule}`} name={name} may={may} />
          </li>
        ))}
      </ul>
    </section>
  );
}
