import { useId, type ReactNode } from 'react';
import { displayTime, displayDateTime } from '../../../domain/clinical/date-display.ts';
import { Button } from '../../ui/index.ts';

/** A panel of the record with its count; `asOf` stands beside lists that may have changed elsewhere meanwhile. */
export function Section({
  title,
  count,
  asOf,
  add,
  area,
  children,
}: {
  readonly title: string;
  readonly count?: number;
  readonly asOf?: string | null;
  readonly add?: () => void;
  readonly area?: string;
  readonly children: ReactNode;
}) {
  const id = useId();
  return (
    <section className="panel record-section" data-area={area} aria-labelledby={id}>
      <header>
        <h2 id={id}>{title}</h2>
        {count === undefined ? null : <span className="count">{count}</span>}
        <span className="quiet small">{asOf ? <AsOf instant={asOf} /> : null}</span>
        {add ? (
          <Button tone="plain" aria-label={`Add: ${title}`} onClick={add}>
            Add
          </Button>
        ) : null}
      </header>
      <div className="section-body" tabIndex={0} role="group" aria-labelledby={id}>
        {children}
      </div>
    </section>
  );
}

export function AsOf({ instant }: { readonly instant: string }) {
  const today = new Date().toISOString().slice(0, 10);
  return <>as of {instant.startsWith(today) ? displayTime(instant) : displayDateTime(instant)}</>;
}
