import { useEffect, useId, useState } from 'react';
import type { PatientHit } from '../../cache/index.ts';
import { PatientLine, usePatientSearch } from '../patient-search/index.ts';
import { TextField, useNow, useOptionKeys } from '../../ui/index.ts';

const SHOWN = 8;

/** Finds the patient by typing; arrows and Enter take one. Enter before the answer takes it only if one alone is found. */
export function PatientChoice({ onChosen }: { readonly onChosen: (hit: PatientHit) => void }) {
  const now = useNow();
  const listId = useId();
  const [words, setWords] = useState('');
  const [queued, setQueued] = useState<string | null>(null);
  const { found } = usePatientSearch(words);
  const hits = found?.hits.slice(0, SHOWN) ?? [];
  const choose = (index: number) => {
    const hit = hits[index];
    if (hit) onChosen(hit);
  };
  const { index, setIndex, onKeyDown } = useOptionKeys(hits.length, choose);
  useEffect(() => {
    if (queued === words && found && hits.length === 1) choose(0);
  });
  return (
    <>
      <TextField
        label="Patient"
        autoFocus
        role="combobox"
        aria-expanded={hits.length > 0}
        aria-controls={listId}
        aria-activedescendant={hits.length > 0 ? `${listId}-${index}` : undefined}
        value={words}
        onChange={(event) => {
          setWords(event.target.value);
          setIndex(0);
          setQueued(null);
        }}
        onKeyDown={(event) => {
          if (event.key !== 'Enter') onKeyDown(event);
          else {
            event.preventDefault();
            event.stopPropagation();
            if (!found) setQueued(words);
            else if (words.trim() !== '') onKeyDown(event);
          }
        }}
        hint="Name, date of birth, NHS number; ↓ ↑ and Enter choose"
      />
      <div id={listId} role="listbox" aria-label="Found" className="listbox booking-found">
        {hits.map((hit, at) => (
          <div
            key={hit.entry.id}
            id={`${listId}-${at}`}
            role="option"
            aria-selected={at === index}
            onPointerDown={(event) => {
              event.preventDefault();
              choose(at);
            }}
          >
            <PatientLine hit={hit} now={now} />
          </div>
        ))}
      </div>
      {found && words.trim() !== '' && hits.length === 0 ? (
        <p className="quiet" role="status">
          Nobody found{found.directoryComplete ? '' : ' yet: the list of patients is still arriving'}.
        </p>
      ) : null}
    </>
  );
}
