import { useDeferredValue, useEffect, useId, useRef, useState } from 'react';
import { displayDate, displayDateWithWeekday, displayTime } from '../../../domain/clinical/date-display.ts';
import { bannerAge } from '../../../domain/clinical/age.ts';
import { formatNhsNumber } from '../../../domain/clinical/nhs-number.ts';
import { ADDRESS_ASKS_FROM } from '../../../domain/search/address-search.ts';
import type { AgendaLine, PatientHit } from '../../cache/index.ts';
import { useBagQuery } from '../bag/index.ts';
import { entryName } from '../patient-search/index.ts';
import { Button, Empty, Skeleton, Tag, TextField, useNow, useOptionKeys } from '../../ui/index.ts';
import { useCommand } from '../../ui/commands/index.ts';
import { addressWords } from './address-words.ts';
import { isVisitAway } from './visits.ts';

const NAMES_SHOWN = 8;

/** Who goes on the round: from the book of the day, by street or home, or one by name. */
export function RoundPicker({
  day,
  booked,
  bookError,
  bookingsToCome,
  inStep,
  picked,
  onPick,
}: {
  readonly day: string;
  /** `undefined` while the book is being opened. */
  readonly booked: readonly AgendaLine[] | undefined;
  readonly bookError: string | null;
  readonly bookingsToCome: number;
  /** Else somebody may have been booked of whom nothing is known here. */
  readonly inStep: boolean;
  readonly picked: ReadonlySet<string>;
  readonly onPick: (patientIds: readonly string[], on: boolean) => void;
}) {
  const [words, setWords] = useState('');
  const asked = useDeferredValue(words.trim());
  const isAsked = asked.length >= ADDRESS_ASKS_FROM;
  return (
    <section className="round-picker screen-only" aria-label="Pick patients">
      <Finder
        words={words}
        onWords={setWords}
        asked={isAsked ? asked : null}
        picked={picked}
        onPick={onPick}
      />
      {words.trim() === '' ? (
        <Booked
          day={day}
          lines={booked}
          error={bookError}
          toCome={bookingsToCome}
          inStep={inStep}
          picked={picked}
          onPick={onPick}
        />
      ) : null}
    </section>
  );
}

function Finder({
  words,
  onWords,
  asked,
  picked,
  onPick,
}: {
  readonly words: string;
  readonly onWords: (words: string) => void;
  readonly asked: string | null;
  readonly picked: ReadonlySet<string>;
  readonly onPick: (patientIds: readonly string[], on: boolean) => void;
}) {
  const listId = useId();
  const now = useNow();
  const list = useRef<HTMLDivElement>(null);
  const { value: found, error } = useBagQuery(
    asked === null ? null : `round search ${asked}`,
    async (bag) => {
      const [there, named] = await Promise.all([
        bag.searchAddresses(asked ?? ''),
        bag.searchPatients(asked ?? '', NAMES_SHOWN),
      ]);
      const listed = new Set<string>(there.hits.map(({ entry }) => entry.id));
      return { there, named: named.hits.filter(({ entry }) => !listed.has(entry.id)), moreNamed: named.more };
    },
    (notice) => notice.kind === 'directory',
  );
  const there = found?.there.hits ?? [];
  const hits = [...there, ...(found?.named ?? [])];
  // What stands here is the list of these very words: nobody is ticked from the list of the words before.
  const isSettled = found !== undefined && asked === words.trim();
  const queued = useRef<string | null>(null);
  const toggle = (index: number) => {
    const hit = hits[index];
    if (hit && isSettled) onPick([hit.entry.id], !picked.has(hit.entry.id));
  };
  const { index, setIndex, onKeyDown } = useOptionKeys(hits.length, toggle);
  // A fast typist's Enter comes before the answer: it ticks who is found, where that is one alone.
  useEffect(() => {
    if (queued.current === null || !isSettled) return;
    const isOfThese = queued.current === words;
    queued.current = null;
    const [only, ...others] = hits;
    if (isOfThese && only && others.length === 0 && !picked.has(only.entry.id)) onPick([only.entry.id], true);
  });
  useEffect(() => {
    list.current?.querySelector('[data-highlighted]')?.scrollIntoView({ block: 'nearest' });
  }, [index]);
  const living = there.filter(canBeVisited).map(({ entry }) => entry.id as string);
  const toTick = living.filter((id) => !picked.has(id));
  const mayTickAll = isSettled && toTick.length > 0;
  const tickAll = () => {
    onPick(toTick, true);
  };
  useCommand({
    id: 'round.tick-all',
    title: 'Tick everybody shown at this address',
    keys: 'Alt+A',
    group: 'Round',
    enabled: mayTickAll,
    run: tickAll,
  });
  return (
    <>
      <TextField
        label="Street, home, house or postcode; or a name"
        autoFocus
        role="combobox"
        aria-expanded={hits.length > 0}
        aria-controls={listId}
        aria-activedescendant={hits.length > 0 ? `${listId}-${index}` : undefined}
        value={words}
        onChange={(event) => {
          onWords(event.target.value);
          setIndex(0);
          queued.current = null;
        }}
        onKeyDown={(event) => {
          if (event.key === 'Escape' && words !== '') {
            event.preventDefault();
            onWords('');
          } else if (event.key === 'Enter' && !isSettled && words.trim() !== '') {
            event.preventDefault();
            queued.current = words;
          } else if (hits.length > 0) onKeyDown(event);
        }}
        hint={
          hits.length > 0
            ? '↓ ↑ and Enter tick; Esc goes back to the book'
            : 'e.g. willow court, 12 park lane, LS1 4AP'
        }
      />
      {error ? <Empty>{error}</Empty> : null}
      {asked !== null && !found && !error ? <Skeleton label="Looking up the address" lines={4} /> : null}
      {found && there.length > 0 ? (
        <div className="row round-found">
          <span className="grow">
            <strong>{there.length} registered there</strong>
            {found.there.more > 0 ? `, ${found.there.more} more: type more of the address` : ''}
          </span>
          <Button keys="Alt+A" disabled={!mayTickAll} onClick={tickAll}>
            {toTick.length === 0
              ? 'All ticked'
              : `Tick ${toTick.length === there.length ? 'all' : 'the other'} ${toTick.length}`}
          </Button>
        </div>
      ) : null}
      <div
        id={listId}
        ref={list}
        role="listbox"
        aria-label="Found"
        aria-multiselectable="true"
        className="listbox round-options"
        hidden={hits.length === 0}
      >
        {hits.map((hit, at) => (
          <div
            key={hit.entry.id}
            id={`${listId}-${at}`}
            role="option"
            aria-selected={picked.has(hit.entry.id)}
            data-highlighted={at === index || undefined}
            data-by-name={at === there.length || undefined}
            onPointerDown={(event) => {
              event.preventDefault();
              setIndex(at);
              toggle(at);
            }}
          >
            <Candidate hit={hit} isPicked={picked.has(hit.entry.id)} now={now} />
          </div>
        ))}
      </div>
      {found && hits.length === 0 ? (
        <p className="quiet" role="status">
          Nobody found at this address or by this name
          {found.there.directoryComplete ? '' : ' yet: the list of patients is still arriving'}. Protected
          patients are found by name alone.
        </p>
      ) : null}
    </>
  );
}

function canBeVisited({ entry }: PatientHit): boolean {
  return entry.deceased === undefined && entry.registration !== 'deducted';
}

/** Two identifiers and the address: whoever is ticked must be told apart from a neighbour of the same name. */
function Candidate({
  hit: { entry },
  isPicked,
  now,
}: {
  readonly hit: PatientHit;
  readonly isPicked: boolean;
  readonly now: string;
}) {
  const age = entry.deceased ? null : bannerAge({ birthDate: entry.birthDate }, { date: now });
  return (
    <div className="round-candidate">
      <span aria-hidden="true" className="round-tick">
        {isPicked ? '☑' : '☐'}
      </span>
      <span>
        <strong>{entryName(entry)}</strong> {entry.deceased ? <Tag>Died</Tag> : null}
        {entry.registration === 'registered' ? null : <Tag tone="amber">{entry.registration}</Tag>}
        <span className="round-second">
          <span className="nowrap">
            {displayDate(entry.birthDate)}
            {age === null ? '' : ` (${age})`}
          </span>{' '}
          ·{' '}
          <span className="nowrap">
            {entry.nhsNumber ? formatNhsNumber(entry.nhsNumber) : 'no NHS number'}
          </span>
        </span>
        <span className="round-second">{addressWords(entry)}</span>
      </span>
    </div>
  );
}

function Booked({
  day,
  lines,
  error,
  toCome,
  inStep,
  picked,
  onPick,
}: {
  readonly day: string;
  readonly lines: readonly AgendaLine[] | undefined;
  readonly error: string | null;
  readonly toCome: number;
  readonly inStep: boolean;
  readonly picked: ReadonlySet<string>;
  readonly onPick: (patientIds: readonly string[], on: boolean) => void;
}) {
  const away = lines?.filter(({ appointment }) => isVisitAway(appointment)) ?? [];
  const others = lines?.filter(({ appointment }) => !isVisitAway(appointment)) ?? [];
  return (
    <div className="round-booked">
      <h2>Booked with you, {displayDateWithWeekday(day)}</h2>
      {error ? <Empty>{error}</Empty> : null}
      {!lines && !error ? <Skeleton label="Opening the book" lines={6} /> : null}
      {lines ? (
        <div className="scroll round-book" tabIndex={0} role="group" aria-label="Booked with you">
          <h3>Home and care-home visits</h3>
          {away.length === 0 ? (
            <p className="quiet">
              {toCome === 0 && inStep
                ? 'None booked with you on this day.'
                : 'None is known here; the book may be another by now.'}
            </p>
          ) : null}
          <Bookings lines={away} picked={picked} onPick={onPick} />
          {others.length > 0 ? <h3>Other bookings</h3> : null}
          <Bookings lines={others} picked={picked} onPick={onPick} />
          {toCome > 0 ? (
            <p className="quiet">
              {toCome} more {toCome === 1 ? 'is' : 'are'} booked on this day, with whom is known when the
              records come.
            </p>
          ) : null}
        </div>
      ) : null}
    </div>
  );
}

function Bookings({
  lines,
  picked,
  onPick,
}: {
  readonly lines: readonly AgendaLine[];
  readonly picked: ReadonlySet<string>;
  readonly onPick: (patientIds: readonly string[], on: boolean) => void;
}) {
  return lines.map(({ appointment, entry }) => (
    <label key={appointment.source.key} className="round-booking">
      <input
        type="checkbox"
        checked={picked.has(appointment.patientId)}
        onChange={(event) => {
          onPick([appointment.patientId], event.target.checked);
        }}
      />
      <span className="round-booking-time">{displayTime(appointment.start)}</span>
      <span>
        <strong>{entry ? entryName(entry) : 'Name not on this computer'}</strong>
        <span className="round-second">
          {entry?.birthDate ? `${displayDate(entry.birthDate)} · ` : ''}
          {appointment.type ?? 'Type not recorded'}
        </span>
      </span>
    </label>
  ));
}
