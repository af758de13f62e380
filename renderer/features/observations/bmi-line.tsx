import type { Bmi } from '../../../domain/clinical/bmi.ts';

/** The body mass index of what stands in the boxes, with its band and what must be said beside it. */
export function BmiLine({ bmi }: { readonly bmi: Bmi }) {
  return (
    <p>
      <strong>
        BMI {bmi.written} kg/m²{bmi.band ? `, ${bmi.band}` : ''}
      </strong>{' '}
      <span className="quiet">{bmi.notes.join(' ')}</span>
    </p>
  );
}
