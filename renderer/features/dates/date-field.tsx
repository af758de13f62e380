import { useState } from 'react';
import { displayDate, displayDateWithWeekday } from '../../../domain/clinical/date-display.ts';
import { localInstant, TextField } from '../../ui/index.ts';
import { readDateText } from './date-text.ts';

/** A date typed the British way and shown as `05-Jan-1961`, whatever the computer's regional settings (D+Ta-0002..0018). */
export function DateField({
  label,
  value,
  hint,
  future = true,
  disabled = false,
  onChange,
}: {
  readonly label: string;
  /** FHIR date, or '' */
  readonly value: string;
  readonly hint?: string;
  /** Whether a day after today may be entered. */
  readonly future?: boolean;
  readonly disabled?: boolean;
  readonly onChange: (date: string) => void;
}) {
  const [text, setText] = useState(value === '' ? '' : displayDate(value));
  const today = localInstant().slice(0, 10);
  const read = readDateText(text, today);
  const late = read !== null && !future && read > today;
  const error =
    text.trim() === ''
      ? undefined
      : read === null
        ? 'Day, month and year, like 5 1 61 or 05-Jan-1961.'
        : late
          ? 'This day is still to come.'
          : undefined;
  return (
    <TextField
      label={label}
      value={text}
      disabled={disabled}
      hint={read !== null && !late ? displayDateWithWeekday(read) : (hint ?? 'Day month year')}
      error={error}
      onChange={(event) => {
        setText(event.target.value);
        const date = readDateText(event.target.value, today);
        onChange(date !== null && (future || date <= today) ? date : '');
      }}
      onBlur={() => {
        if (read !== null) setText(displayDate(read));
      }}
    />
  );
}
