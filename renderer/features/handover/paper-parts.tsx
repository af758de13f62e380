import type { ReactNode } from 'react';
import { restWords } from '../../../domain/record/handover-words.ts';
import { unsentMark, type Listed } from '../../../domain/record/handover-list.ts';
import type { ItemSource } from '../../../domain/record/record-view.ts';

/** One part of the paper under its heading; what its list does not show stands at its end. */
export function Part({
  title,
  aside,
  rest,
  strong = false,
  children,
}: {
  readonly title: string;
  readonly aside?: ReactNode;
  readonly rest?: readonly Pick<Listed<unknown>, 'more' | 'leftOut'>[];
  /** In a frame: what is read before anything is done. */
  readonly strong?: boolean;
  readonly children: ReactNode;
}) {
  return (
    <section className="handover-part" data-strong={strong || undefined}>
      <h3>
        {title}
        {aside === undefined ? null : <span className="handover-aside"> {aside}</span>}
      </h3>
      {children}
      {(rest ?? []).map((one, index) => (
        <Rest key={index} of={one} />
      ))}
    </section>
  );
}

export function Rest({ of }: { readonly of: Pick<Listed<unknown>, 'more' | 'leftOut'> }) {
  const words = restWords(of);
  return words === null ? null : <p className="handover-rest">{words}</p>;
}

/** What must be seen beside a line: that others do not have it, that two versions stand, that words are all there is. */
export function LineMarks({
  source,
  degraded = false,
  origin = null,
  interim = false,
}: {
  readonly source: ItemSource;
  readonly degraded?: boolean;
  readonly origin?: string | null;
  readonly interim?: boolean;
}) {
  const mark = unsentMark(source);
  return (
    <>
      {source.disputed ? (
        <Mark>
          {source.disputed === 'mine'
            ? 'disputed: this computer’s version'
            : 'disputed: the record service’s version'}
        </Mark>
      ) : null}
      {source.guarded === 'sensitive' ? <Mark>sensitive</Mark> : null}
      {interim ? <Mark>INTERIM</Mark> : null}
      {mark === null ? null : <Mark>◷ {mark}</Mark>}
      {degraded ? <Mark>transfer degraded: words only</Mark> : null}
      {origin === null ? null : <span className="handover-quiet"> from {origin}</span>}
    </>
  );
}

export function Mark({ children }: { readonly children: ReactNode }) {
  return (
    <>
      {' '}
      <span className="handover-mark">{children}</span>
    </>
  );
}

export function None({ children }: { readonly children: ReactNode }) {
  return <p className="handover-none">{children}</p>;
}

/** Lines for a pen: who took it over and when. */
export function GivenTo() {
  return (
    <p className="handover-given">
      <span>Handed to</span>
      <i />
      <span>at</span>
      <i />
      <span>Signature</span>
      <i />
      <small>What is written here by hand is in no record.</small>
    </p>
  );
}
