import { useDeferredValue, useId, useState, type KeyboardEvent } from 'react';
import type { EnteredConcept } from '../../../domain/record/record-edit.ts';
import type { TermContext } from '../../../domain/terminology/term-search.ts';
import {
  arrowChooses,
  ASKED_TOO_SOON,
  chosenIndex,
  chosenNow,
  enterMeans,
  useBag,
  useTerms,
} from '../bag/index.ts';
import { ChosenTerm } from './chosen-term.tsx';
import { moveOn } from './move-on.ts';

/**
 * Words, and the terms that they find. Nothing is coded unless a person chooses it; words alone are kept as words. What
 * was chosen stands fast until a person frees it, and the focus goes on to the next box.
 */
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
  const [asked, setChosen] = useState<string | null>(null);
  const words = useDeferredValue(value.text.trim());
  const asks = value.code === undefined && value.text.trim().length >= 2;
  const { matches, listOf } = useTerms(words, context, asks && words.length >= 2);
  const isListOfWords = listOf === value.text.trim();
  const chosen = chosenNow(matches, asked, isListOfWords);
  const index = chosenIndex(matches, chosen);
  const take = (at: number) => {
    const match = matches[at];
    if (!match) return;
    void bag.termUsed(match.code);
    onChange({ text: match.term, code: match.code, display: match.term });
    setChosen(null);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    const means = enterMeans(matches, chosen);
    if (event.key === 'ArrowDown')
      setChosen(arrowChooses(matches, index, 1, isListOfWords) ?? ASKED_TOO_SOON);
    else if (event.key === 'ArrowUp') setChosen(arrowChooses(matches, index, -1, isListOfWords));
    else if ((event.key === 'Enter' || event.key === 'Tab') && means === 'take') take(index);
    else if (event.key === 'Enter' && means === 'nothing') setChosen(null);
    else if (event.key === 'Enter' && !event.ctrlKey) {
      if (value.text.trim() !== '') moveOn(event.currentTarget);
    } else return;
    event.preventDefault();
  };
  if (value.code !== undefined)
    return (
      <ChosenTerm
        label={label}
        value={value}
        onFree={() => {
          onChange({ text: value.text });
        }}
      />
    );
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
      <span className="field-hint">↓ and Enter choose a coded term; without one it is kept as words</span>
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
