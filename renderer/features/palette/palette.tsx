import { useEffect, useId, useRef, useState } from 'react';
import type { EntryView } from '../../../domain/record/record-view.ts';
import { displayDate } from '../../../domain/clinical/date-display.ts';
import type { PatientHit } from '../../cache/index.ts';
import { useBagQuery } from '../bag/index.ts';
import { PatientLine, usePatientSearch } from '../patient-search/index.ts';
import { useMay } from '../session/index.ts';
import { Dialog, useNow, useOptionKeys } from '../../ui/index.ts';
import { useCommands, type Command } from '../../ui/commands/index.ts';
import './palette.css';

type Choice =
  | { readonly kind: 'patient'; readonly hit: PatientHit }
  | { readonly kind: 'entry'; readonly entry: EntryView }
  | { readonly kind: 'command'; readonly command: Command };

/** Patients, actions and entries of the open record in one box. `>` narrows to actions, `/` to the open record. */
export function Palette({
  openPatientId,
  onPatient,
  onEntry,
  onClose,
}: {
  readonly openPatientId: string | null;
  readonly onPatient: (patientId: string) => void;
  readonly onEntry: (key: string) => void;
  readonly onClose: () => void;
}) {
  const [words, setWords] = useState('');
  const listId = useId();
  const now = useNow();
  const choices = useChoices(words, openPatientId);
  // A fast typist's Enter comes before the answer: it waits for the list of these words and never takes an older one.
  const [queued, setQueued] = useState<string | null>(null);
  const { settled } = choices;
  const choose = (index: number) => {
    const choice = choices.list[index];
    if (!choice) return;
    onClose();
    if (choice.kind === 'patient') onPatient(choice.hit.entry.id);
    else if (choice.kind === 'entry') onEntry(choice.entry.source.key);
    else choice.command.run();
  };
  const { index, setIndex, onKeyDown } = useOptionKeys(choices.list.length, choose);
  const taken = useRef(false);
  useEffect(() => {
    if (taken.current || queued !== words || !settled || choices.list.length === 0) return;
    taken.current = true;
    choose(0);
  });
  const listRef = useRef<HTMLDivElement>(null);
  useEffect(() => {
    listRef.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [index]);
  return (
    <Dialog title="Find a patient or an action" size="wide" onClose={onClose}>
      <input
        className="box palette-box"
        role="combobox"
        aria-label="Name in any order, date of birth, NHS number, postcode, telephone, or an action"
        aria-expanded="true"
        aria-controls={listId}
        aria-activedescendant={choices.list.length > 0 ? `${listId}-${index}` : undefined}
        placeholder="smith john 5 1 61 · 943 476 5919 · LS1 4AP · > action · / in this record"
        autoFocus
        spellCheck={false}
        value={words}
        onChange={(event) => {
          setWords(event.target.value);
          setIndex(0);
          setQueued(null);
        }}
        onKeyDown={(event) => {
          // Until the list of these words stands, the one before is looked at and not chosen from.
          if (settled) onKeyDown(event);
          else if (event.key === 'Enter') {
            event.preventDefault();
            setQueued(words);
          }
        }}
      />
      <p className="quiet small" aria-live="polite">
        {choices.words}
      </p>
      <div id={listId} ref={listRef} role="listbox" aria-label="Found" className="listbox palette-list">
        {choices.list.map((choice, at) => (
          <div
            key={choiceKey(choice)}
            id={`${listId}-${at}`}
            role="option"
            aria-selected={at === index}
            onPointerDown={(event) => {
              event.preventDefault();
              choose(at);
            }}
          >
            <ChoiceLine choice={choice} now={now} />
          </div>
        ))}
      </div>
    </Dialog>
  );
}

function useChoices(
  words: string,
  openPatientId: string | null,
): {
  readonly list: readonly Choice[];
  readonly words: string;
  /** The list is that of the words asked for, and whole. */
  readonly settled: boolean;
} {
  const onlyActions = words.startsWith('>');
  const onlyRecord = words.startsWith('/');
  const typed = words.replace(/^[>/]/, '').trim();
  const { found, error } = usePatientSearch(onlyActions || onlyRecord ? '' : typed);
  // The list never vanishes between two keystrokes; of words that cannot be looked up none stands.
  const [last, setLast] = useState(found);
  if (found !== undefined && found !== last) setLast(found);
  const standing = error === null ? (found ?? last) : undefined;
  const mayRead = useMay()('view-clinical');
  const asksRecord = mayRead && openPatientId !== null && typed.length >= 2 && !onlyActions;
  const inRecord = useBagQuery(asksRecord ? `find ${openPatientId} ${typed}` : null, (bag) =>
    bag.find(openPatientId ?? '', typed),
  );
  const entries = inRecord.value;
  const settled =
    (error !== null || found !== undefined) &&
    (!asksRecord || entries !== undefined || inRecord.error !== null);
  const commands = useCommands().filter(
    (command) =>
      command.enabled !== false && (typed === '' ? onlyActions || !onlyRecord : matches(command, typed)),
  );
  const list: Choice[] = [];
  const patients = onlyActions || onlyRecord ? [] : (standing?.hits ?? []);
  list.push(...patients.map((hit) => ({ kind: 'patient' as const, hit })));
  if (!onlyRecord && (typed !== '' || onlyActions))
    list.push(...commands.map((command) => ({ kind: 'command' as const, command })));
  list.push(...(entries ?? []).slice(0, 30).map((entry) => ({ kind: 'entry' as const, entry })));
  if (error) return { list, words: error, settled };
  if (typed === '' && !onlyActions)
    return {
      list,
      words: patients.length > 0 ? 'Recent patients' : 'Type a name, a number or an action',
      settled,
    };
  const more =
    standing && standing.more > 0 && patients.length > 0 ? `, ${standing.more} more patients: type more` : '';
  const incomplete =
    standing?.directoryComplete === false
      ? ' The list of patients is still arriving: someone missing here may exist.'
      : '';
  return { list, words: `${list.length} found${more}.${incomplete}`, settled };
}

function ChoiceLine({ choice, now }: { readonly choice: Choice; readonly now: string }) {
  if (choice.kind === 'patient') return <PatientLine hit={choice.hit} now={now} />;
  if (choice.kind === 'entry') {
    const { entry } = choice;
    return (
      <div className="palette-action">
        <span className="quiet nowrap">{displayDate(entry.when ?? undefined)}</span>
        <span className="grow">
          {entry.text} {entry.value}
        </span>
        <span className="quiet">{entry.category}, this record</span>
      </div>
    );
  }
  return (
    <div className="palette-action">
      <span className="grow">{choice.command.title}</span>
      <span className="quiet">{choice.command.group}</span>
      {choice.command.keys ? <kbd>{choice.command.keys}</kbd> : null}
    </div>
  );
}

function choiceKey(choice: Choice): string {
  if (choice.kind === 'patient') return choice.hit.entry.id;
  return choice.kind === 'entry' ? choice.entry.source.key : choice.command.id;
}

function matches(command: Command, typed: string): boolean {
  const title = `${command.title} ${command.group}`.toLowerCase();
  return typed
    .toLowerCase()
    .split(/\s+/)
    .every((word) => title.includes(word));
}
