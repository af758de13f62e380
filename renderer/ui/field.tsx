import { useId, type ComponentProps, type ReactNode } from 'react';

interface FieldWords {
  readonly label: ReactNode;
  readonly hint?: ReactNode;
  /** Why the value is refused, in words; it stays in the box. */
  readonly error?: string | undefined;
}

export type TextFieldProps = FieldWords & ComponentProps<'input'>;

export function TextField({ label, hint, error, className, ...input }: TextFieldProps) {
  const id = useId();
  return (
    <div className={className ? `field ${className}` : 'field'}>
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        className="box"
        autoComplete="off"
        spellCheck={false}
        aria-invalid={error ? true : undefined}
        aria-describedby={`${id}-hint ${id}-error`}
        {...input}
      />
      <span id={`${id}-hint`} className="field-hint">
        {hint}
      </span>
      <span
        id={`${id}-error`}
        className={error ? 'field-error' : undefined}
        role={error ? 'alert' : undefined}
      >
        {error}
      </span>
    </div>
  );
}

export type TextAreaFieldProps = FieldWords & ComponentProps<'textarea'>;

export function TextAreaField({ label, hint, error, className, ...area }: TextAreaFieldProps) {
  const id = useId();
  return (
    <div className={className ? `field ${className}` : 'field'}>
      <label htmlFor={id}>{label}</label>
      <textarea id={id} className="box" rows={3} aria-invalid={error ? true : undefined} {...area} />
      {hint ? <span className="field-hint">{hint}</span> : null}
      {error ? (
        <span className="field-error" role="alert">
          {error}
        </span>
      ) : null}
    </div>
  );
}

export type SelectFieldProps = FieldWords &
  ComponentProps<'select'> & {
    readonly choices: readonly { readonly value: string; readonly label: string }[];
  };

export function SelectField({ label, hint, error, choices, className, ...select }: SelectFieldProps) {
  const id = useId();
  return (
    <div className={className ? `field ${className}` : 'field'}>
      <label htmlFor={id}>{label}</label>
      <select id={id} className="box" aria-invalid={error ? true : undefined} {...select}>
        {choices.map((choice) => (
          <option key={choice.value} value={choice.value}>
            {choice.label}
          </option>
        ))}
      </select>
      {hint ? <span className="field-hint">{hint}</span> : null}
      {error ? (
        <span className="field-error" role="alert">
          {error}
        </span>
      ) : null}
    </div>
  );
}
