import { displayTime } from '../../../domain/clinical/date-display.ts';
import type { News2Result } from '../../../domain/clinical/news2.ts';
import { Button, Notice } from '../../ui/index.ts';
import { News2Words } from './news2-panel.tsx';

/** A set that was saved in this pane: what it asks for does not end with the save. */
export interface SavedSet {
  readonly set: string;
  /** FHIR instant. */
  readonly at: string;
  readonly news2: News2Result | null;
  readonly alarms: readonly string[];
}

/** The score, the advice and the alarms of what was just saved, until a person closes them. */
export function SavedAdvice({ saved, onRead }: { readonly saved: SavedSet; readonly onRead: () => void }) {
  const scored = saved.news2 !== null && saved.news2.kind !== 'not-applicable' ? saved.news2 : null;
  if (scored === null && saved.alarms.length === 0) return null;
  return (
    <section className="saved-advice" aria-label="Saved set">
      <div className="row">
        <strong>Saved {displayTime(saved.at)}. What it asks for:</strong>
        <span className="grow" />
        <Button tone="plain" onClick={onRead}>
          Close this advice
        </Button>
      </div>
      {scored ? <News2Words result={scored} /> : null}
      {saved.alarms.map((alarm) => (
        <Notice key={alarm} tone="danger">
          {alarm}
        </Notice>
      ))}
    </section>
  );
}
