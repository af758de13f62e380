import { useDeferredValue, useId, useState, type KeyboardEvent } from 'react';
import { displayDateWithWeekday } from '../../../domain/clinical/date-display.ts';
import { headingAtLineStart } from '../../../domain/clinical/consultation-headings.ts';
import { arrowChooses, ASKED_TOO_SOON, chosenIndex, chosenNow, useBag, useTerms } from '../bag/index.ts';
import type { TermMatch } from '../../../domain/terminology/term-search.ts';
import { Button, localInstant, Notice } from '../../ui/index.ts';
import { followUpOf } from './edited.ts';
import { CodeLine } from './code-line.tsx';
import { problemByDefault, termContext, wordsOf, type NoteLine } from './note.ts';

export interface LineActions {
  readonly change: (line: NoteLine) => void;
  /** A new line under the same heading. */
  readonly split: () => void;
  /** An empty line goes, the focus to the one before. */
  readonly remove: () => void;
  readonly move: (by: 1 | -1) => void;
}

/** One line of the note: words, and under them the terms that they find. Enter keeps the words, Tab takes the highlighted code. */
export function NoteLineBox({ line, actions }: { readonly line: NoteLine; readonly actions: LineActions }) {
  const listId = useId();
  const [focused, setFocused] = useState(false);
  const [dismissed, setDismissed] = useState('');
  /** What began the heading of this line, until something is written under it. */
  const [taken, setTaken] = useState<(Pick<NoteLine, 'heading'> & { readonly letters: string }) | null>(null);
  const context = termContext(line.heading);
  const words = useDeferredValue(lastWords(line.text));
  const asks = focused && line.code === null && words.length >= 2 && dismissed !== line.text;
  // Diagnoses, allergies and ambiguous words are coded by a person's choice only; the search says which.
  const { matches: hits, mayDefault, listOf } = useTerms(words, context, asks);
  const isListOfWords = listOf === lastWords(line.text);
  /** The code chosen by the arrows. */
  const [asked, setChosen] = useState<string | null>(null);
  const chosen = chosenNow(hits, asked, isListOfWords);
  const at = chosenIndex(hits, chosen);
  const index = at >= 0 ? at : mayDefault && isListOfWords ? 0 : -1;
  const bag = useBag();
  const take = (hit: TermMatch | undefined) => {
    if (!hit) return;
    void bag.termUsed(hit.code);
    setChosen(null);
    actions.change({
      ...line,
      code: { code: hit.code, term: hit.term, kind: hit.tag },
      problem: problemByDefault(line.heading),
      // The words that found it are not said twice; the search may be a keystroke behind them.
      text: line.text.trim() === lastWords(line.text) ? '' : line.text,
    });
  };
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const open = hits.length > 0 && asks;
    switch (event.key) {
      case 'Enter':
        if (event.shiftKey) return;
        actions.split();
        break;
      case 'Tab':
        if (event.shiftKey || !open) return;
        if (index >= 0) take(hits[index]);
        // A term was asked for and its list is not there: the key must not leave with words in its place.
        else if (chosen !== ASKED_TOO_SOON) return;
        break;
      case 'ArrowDown':
        if (open) setChosen(arrowChooses(hits, index, 1, isListOfWords));
        else actions.move(1);
        break;
      case 'ArrowUp':
        if (open && index > 0) setChosen(arrowChooses(hits, index, -1, isListOfWords));
        else actions.move(-1);
        break;
      case 'Escape':
        if (taken !== null && line.text === '') {
          // "A cough": the letter was a word.
          actions.change({ ...line, heading: taken.heading, text: taken.letters });
          setTaken(null);
        } else if (open) setDismissed(line.text);
        else return;
        event.stopPropagation();
        event.nativeEvent.stopImmediatePropagation();
        break;
      case 'Backspace':
        if (line.text !== '') return;
        if (line.code)
          actions.change({ ...line, code: null, problem: 'no', meaning: 'present', episode: null });
        else actions.remove();
        break;
      default:
        return;
    }
    event.preventDefault();
  };
  const due = followUpOf(line, localInstant().slice(0, 10));
  const prompt = line.prompt?.words ?? '';
  const choices = line.prompt?.choices ?? [];
  // Over a box with words the placeholder is gone, and an answer is nothing without its question.
  const asksAbove = line.text.trim() !== '' && prompt !== '' && wordsOf(line) !== line.text.trim();
  const wayBack = taken === null || line.text !== '' ? '' : `Esc: “${taken.letters.trim()}” is a word`;
  const alerts = choices.flatMap((choice) =>
    choice.alert !== undefined && line.text.includes(choice.words) ? [choice.alert] : [],
  );
  return (
    <div className="note-line">
      {line.code ? <CodeLine line={line} onChange={actions.change} /> : null}
      {asksAbove ? (
        <span className="note-prompt quiet small" aria-hidden="true">
          {prompt}
        </span>
      ) : null}
      <textarea
        className="note-text"
        data-note-line={line.id}
        rows={1}
        aria-label={`${line.heading}${prompt === '' ? '' : `: ${prompt}`}`}
        aria-controls={hits.length > 0 && asks ? listId : undefined}
        aria-autocomplete="list"
        aria-activedescendant={hits.length > 0 && asks && index >= 0 ? `${listId}-${index}` : undefined}
        aria-description={wayBack === '' ? undefined : wayBack}
        placeholder={[prompt, wayBack].filter((words) => words !== '').join('. ')}
        value={line.text}
        onFocus={() => {
          setFocused(true);
        }}
        onBlur={() => {
          setFocused(false);
        }}
        onChange={(event) => {
          const text = event.target.value;
          setChosen(null);
          const heading = headingAtLineStart(text);
          if (heading !== null) setTaken({ heading: line.heading, letters: text });
          else if (text !== '') setTaken(null);
          actions.change(heading ? { ...line, heading, text: '' } : { ...line, text });
        }}
        onKeyDown={onKeyDown}
      />
      {due === null ? null : (
        <span className="note-due">
          Follow up {due.words}, {displayDateWithWeekday(due.date)}: a task for you
        </span>
      )}
      {choices.length > 0 ? (
        <div className="choices note-choices" role="group" aria-label={prompt}>
          {choices.map((choice) => (
            <Button
              key={choice.words}
              aria-pressed={line.text.includes(choice.words)}
              onClick={() => {
                const others = line.text.trim();
                actions.change({
                  ...line,
                  text:
                    others === ''
                      ? choices.length > 1
                        ? `${prompt}: ${choice.words}`
                        : choice.words
                      : `${others}, ${choice.words}`,
                });
              }}
            >
              {choice.words}
            </Button>
          ))}
        </div>
      ) : null}
      {alerts.map((alert) => (
        <Notice key={alert} tone="danger" role="alert">
          {alert}
        </Notice>
      ))}
      {asks && hits.length > 0 ? (
        <div className="note-terms listbox" id={listId} role="listbox" aria-label="Coded terms">
          {hits.map((hit, at) => (
            <div
              key={`${hit.code} ${hit.term}`}
              id={`${listId}-${at}`}
              role="option"
              aria-selected={at === index}
              onPointerDown={(event) => {
                event.preventDefault();
                take(hit);
              }}
            >
              {hit.term}{' '}
              <span className="quiet small">
                {hit.tag}
                {hit.foundBy ? `, found by “${hit.foundBy}”` : ''}
              </span>
            </div>
          ))}
          <div className="note-terms-foot small" role="presentation">
            {index < 0
              ? '↓ chooses a code; Enter keeps the words'
              : 'Tab takes the code; Enter keeps the words'}
          </div>
        </div>
      ) : null}
    </div>
  );
}

/** The words since the last full stop or line break: what a term is looked for by. */
function lastWords(text: string): string {
  return (/[^.;\n]*$/.exec(text)?.[0] ?? '').trim().slice(0, 80);
}
