import { useDeferredValue, useId, useState, type KeyboardEvent } from 'react';
import type { EnteredConcept } from '../../../domain/record/record-edit.ts';
import type { TermContext } from '../../../domain/terminology/term-search.ts';
import { useBag, useTerms } from '../bag/index.ts';

/** Words, and the terms that they find. Nothing is coded unless a person chooses it; words alone are kept as words. */
export function TermField({
  label,
  context,
  value,
  onChange,
}: {
  readonly label: string;
  readonly context: TermContext;
  readonly value: EnteredConcept;
  readonly onChange: (value: EnteredConcept) => void;
}) {
  const id = useId();
  const bag = useBag();
  const [chosen, setChosen] = useState<string | null>(null);
  const words = useDeferredValue(value.text.trim());
  const asks = value.code === undefined && words.length >= 2;
  const { matches } = useTerms(words, context, asks);
  // By its code: a list that is made anew under a highlighted term moves with it, or lets it go.
  const index = matches.findIndex(({ code }) => code === chosen);
  const take = (at: number) => {
    const match = matches[at];
    if (!match) return;
    void bag.termUsed(match.code);
    onChange({ text: match.term, code: match.code, display: match.term });
    setChosen(null);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (!asks || matches.length === 0) return;
    if (event.key === 'ArrowDown') setChosen(matches[Math.min(index + 1, matches.length - 1)]?.code ?? null);
    else if (event.key === 'ArrowUp') setChosen(matches[index - 1]?.code ?? null);
    else if ((event.key === 'Enter' || event.key === 'Tab') && index >= 0) take(index);
    // A term was highlighted and the newer list has none of it: nothing is saved as words by that key.
    else if (event.key === 'Enter' && chosen !== null) setChosen(null);
    else return;
    event.preventDefault();
  };
  return (
    <div className="field term-field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        className="box"
        role="combobox"
        aria-expanded={asks && matches.length > 0}
        aria-controls={`${id}-list`}
        aria-activedescendant={index >= 0 ? `${id}-${index}` : undefined}
        autoComplete="off"
        spellCheck={false}
        autoFocus
        value={value.text}
        onChange={(event) => {
          setChosen(null);
          onChange({ text: event.target.value });
        }}
        onKeyDown={onKeyDown}
      />
      <span className="field-hint">
        {value.code === undefined
          ? '↓ and Enter choose a coded term; without one it is kept as words'
          : `Coded: SNOMED CT ${value.code}`}
      </span>
      {asks && matches.length > 0 ? (
        <div className="listbox" id={`${id}-list`} role="listbox" aria-label="Coded terms">
          {matches.map((match, at) => (
            <div
              key={match.code}
              id={`${id}-${at}`}
              role="option"
              aria-selected={at === index}
              onPointerDown={(event) => {
                event.preventDefault();
                take(at);
              }}
            >
              {match.term} <span className="quiet small">{match.tag}</span>
            </div>
          ))}
        </div>
      ) : null}
    </div>
  );
}
