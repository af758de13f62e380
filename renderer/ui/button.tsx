import type { ComponentProps, ReactNode } from 'react';

export interface ButtonProps extends Omit<ComponentProps<'button'>, 'type'> {
  readonly tone?: 'primary' | 'danger' | 'plain' | undefined;
  /** The key that does the same, shown beside the words. */
  readonly keys?: string | undefined;
  readonly submit?: boolean;
  readonly children: ReactNode;
}

export function Button({ tone, keys, submit = false, children, className, ...rest }: ButtonProps) {
  return (
    <button
      type={submit ? 'submit' : 'button'}
      data-tone={tone}
      className={className ? `button ${className}` : 'button'}
      {...rest}
    >
      {children}
      {keys ? <kbd>{keys}</kbd> : null}
    </button>
  );
}
