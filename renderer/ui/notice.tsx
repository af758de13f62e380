import type { ReactNode } from 'react';

export type Tone = 'information' | 'good' | 'amber' | 'danger';

/** One shape for each tone, so that colour is never the only mark. */
const MARKS: Readonly<Record<Tone, string>> = { information: 'i', good: '✓', amber: '◆', danger: '⚠' };

export function Notice({
  tone = 'information',
  action,
  role,
  children,
}: {
  readonly tone?: Tone;
  readonly action?: ReactNode;
  readonly role?: 'alert' | 'status';
  readonly children: ReactNode;
}) {
  return (
    <div className="notice" data-tone={tone} role={role}>
      <span aria-hidden="true">{MARKS[tone]}</span>
      <div className="grow">{children}</div>
      {action}
    </div>
  );
}

export function Tag({ tone, children }: { readonly tone?: Tone | undefined; readonly children: ReactNode }) {
  return (
    <span className="tag" data-tone={tone}>
      {children}
    </span>
  );
}

/** The shape of what comes; never a spinner alone. */
export function Skeleton({ lines = 3, label }: { readonly lines?: number; readonly label: string }) {
  return (
    <div aria-busy="true" aria-label={label} role="status">
      {Array.from({ length: lines }, (_, line) => (
        <span key={line} className="skeleton" />
      ))}
    </div>
  );
}

/** What would be here and how to begin. */
export function Empty({ children }: { readonly children: ReactNode }) {
  return <div className="empty">{children}</div>;
}
