import { useEffect, useId, useRef } from 'react';
import type { EnteredConcept } from '../../../domain/record/record-edit.ts';
import { Button } from '../../ui/index.ts';
import { moveOn } from './move-on.ts';

/** A coded term as chosen: no key that is meant for the next box changes it. Change, Backspace or Delete frees its words. */
export function ChosenTerm({
  label,
  value,
  onFree,
}: {
  readonly label: string;
  readonly value: EnteredConcept;
  readonly onFree: () => void;
}) {
  const id = useId();
  const change = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    const button = change.current?.querySelector('button');
    if (button) moveOn(button);
  }, []);
  return (
    <div className="field" role="group" aria-labelledby={id}>
      <span className="field-label" id={id}>
        {label}
      </span>
      <span className="term-chosen">
        <strong>{value.text}</strong>
        <span className="quiet small">Coded: SNOMED CT {value.code}</span>
        <span className="grow" />
        <span
          ref={change}
          onKeyDown={(event) => {
            if (event.key !== 'Backspace' && event.key !== 'Delete') return;
            event.preventDefault();
            onFree();
          }}
        >
          <Button tone="plain" keys="Backspace" onClick={onFree}>
            Change<span className="spoken"> {label.toLowerCase()}</span>
          </Button>
        </span>
      </span>
    </div>
  );
}
