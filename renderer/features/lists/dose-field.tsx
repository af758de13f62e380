import { clearDose, spacedDose } from '../../../domain/clinical/medication-display.ts';
import { Button, Notice, TextField } from '../../ui/index.ts';

/**
 * A dose as it is said. Amounts are set clearly when the box is left; where a word of it can be misread (`mcg`, `U`, `@`),
 * the clear words are offered and never put in its place unasked.
 */
export function DoseField({
  value,
  onChange,
}: {
  readonly value: string;
  readonly onChange: (value: string) => void;
}) {
  const clear = clearDose(value);
  return (
    <>
      <TextField
        label="Dose, as said"
        value={value}
        onChange={(event) => {
          onChange(event.target.value);
        }}
        onBlur={() => {
          onChange(spacedDose(value));
        }}
      />
      {clear === spacedDose(value) ? null : (
        <Notice tone="amber" role="status">
          This dose can be misread.{' '}
          <Button
            onClick={() => {
              onChange(clear);
            }}
          >
            Write “{clear}”
          </Button>
        </Notice>
      )}
    </>
  );
}
