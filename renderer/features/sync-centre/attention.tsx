import { useState } from 'react';
import type { AttentionItem } from '../../../contract/channels/sync.ts';
import type { BridgeError } from '../../../contract/channels/channel.ts';
import { displayDateTime } from '../../../domain/clinical/date-display.ts';
import { host } from '../../host/index.ts';
import { useBagQuery } from '../bag/index.ts';
import { entryName } from '../patient-search/index.ts';
import { ErrorNotice, ROLE_WORDS, useSignedInUser } from '../session/index.ts';
import { Button, Empty, Notice, TextField, useNow } from '../../ui/index.ts';
import { askForCorrection } from './refused-here.tsx';
import { ageWords } from './status-words.ts';
import { attentionItems, useAttention } from '../sync-status/index.ts';

type Choice = AttentionItem['choices'][number];

const CHOICE_WORDS: Readonly<Record<Choice, string>> = {
  'keep-mine': 'Keep mine',
  'keep-theirs': 'Keep theirs',
  'keep-both': 'Keep both',
  restore: 'Restore it',
  skip: 'Give this change up',
  retry: 'Try again',
  acknowledge: 'I have read this',
  'will-not-send': 'It will not be sent',
};

/** "Mine" is said only to whose it is: a colleague on duty, or the other author, reads the names. */
function choiceWords(choice: Choice, { mine, theirs }: AttentionItem, me: string): string {
  if (mine === undefined || mine.author === me) return CHOICE_WORDS[choice];
  if (choice === 'keep-mine') return `Keep the version of ${mine.author}`;
  if (choice !== 'keep-theirs') return CHOICE_WORDS[choice];
  if (theirs?.author === me) return 'Keep mine';
  return theirs?.recordedAt === undefined
    ? 'Keep the version at the service'
    : `Keep the version of ${theirs.author}`;
}

/** What waits for a person, told as a clinical sentence, with the differences one key away and every choice undoable. */
export function Attention({ onOpen }: { readonly onOpen: (patientId: string) => void }) {
  const items = useAttention();
  const ids = (items ?? []).flatMap((item) => item.patientId ?? []);
  const patients = useBagQuery(`patients ${ids.join(' ')}`, (bag) => bag.patients(ids)).value ?? [];
  const nameOf = (item: AttentionItem) => {
    const hit = patients.find((one) => one?.entry.id === item.patientId);
    return hit ? entryName(hit.entry) : null;
  };
  return (
    <section className="panel">
      <header>
        <h2>Needs a decision</h2>
        <span className="quiet">{items?.length ?? 0}</span>
      </header>
      {!items || items.length === 0 ? (
        <Empty>
          Nothing needs a decision. Conflicts between your work and others’ appear here, both versions kept.
        </Empty>
      ) : (
        <ul>
          {items.map((item) => (
            <Item key={item.itemId} item={item} name={nameOf(item)} onOpen={onOpen} />
          ))}
        </ul>
      )}
    </section>
  );
}

function Item({
  item,
  name,
  onOpen,
}: {
  readonly item: AttentionItem;
  readonly name: string | null;
  readonly onOpen: (patientId: string) => void;
}) {
  const [open, setOpen] = useState(false);
  const [reason, setReason] = useState('');
  const [error, setError] = useState<BridgeError | null>(null);
  const now = useNow();
  const choose = async (choice: Choice) => {
    const answer = attentionItems().accept(
      await host().call('sync.resolve', {
        itemId: item.itemId,
        choice,
        ...(reason.trim() === '' ? {} : { reason: reason.trim() }),
      }),
    );
    setError(answer.ok ? null : answer.error);
  };
  const undo = async () => {
    const answer = attentionItems().accept(await host().call('sync.undo-resolve', { itemId: item.itemId }));
    setError(answer.ok ? null : answer.error);
  };
  const { patientId, chosen } = item;
  const me = useSignedInUser().name;
  return (
    <li className="attention-item" data-kind={item.kind}>
      <p>
        <strong>{item.sentence}</strong>
      </p>
      <p className="quiet">
        {patientId === null ? null : (
          <button
            type="button"
            className="entry-head"
            onClick={() => {
              onOpen(patientId);
            }}
          >
            <u>{name ?? 'Open the record'}</u>
          </button>
        )}{' '}
        {ageWords(item.raisedAt, now)} ago · {item.rule}
      </p>
      <ErrorNotice error={error} />
      {chosen ? (
        <Notice tone="good" action={<Button onClick={() => void undo()}>Undo</Button>}>
          Chosen: {choiceWords(chosen.choice as Choice, item, me)}, {displayDateTime(chosen.at)}. The other
          version is kept.
        </Notice>
      ) : (
        <>
          <div className="row">
            <CorrectButton item={item} onOpen={onOpen} />
            {item.choices.map((choice) => (
              <Button key={choice} onClick={() => void choose(choice)}>
                {choiceWords(choice, item, me)}
              </Button>
            ))}
            {item.differences.length === 0 ? null : (
              <Button
                tone="plain"
                aria-expanded={open}
                onClick={() => {
                  setOpen(!open);
                }}
              >
                {open ? 'Hide the differences' : `Differences (${item.differences.length})`}
              </Button>
            )}
          </div>
          {needsReason(item) || open ? (
            <TextField
              label="Reason (kept with the choice)"
              value={reason}
              onChange={(event) => {
                setReason(event.target.value);
              }}
            />
          ) : null}
        </>
      )}
      {open ? <Differences item={item} /> : null}
    </li>
  );
}

/** Nothing is left unsent without words. */
function needsReason({ choices }: AttentionItem): boolean {
  return choices.includes('skip') || choices.includes('will-not-send');
}

/** Its author corrects it, in the record, under the banner; a colleague is told who can. */
function CorrectButton({
  item,
  onOpen,
}: {
  readonly item: AttentionItem;
  readonly onOpen: (patientId: string) => void;
}) {
  const me = useSignedInUser().userId;
  const { refused, patientId } = item;
  if (!refused || refused.correctedAt !== undefined) return null;
  if (refused.authorUserId !== me) {
    return (
      <span className="quiet">
        Only {item.mine?.author ?? 'its author'} can correct it. Or write it anew in the record, then say here
        why this one is not sent.
      </span>
    );
  }
  return patientId === null ? null : (
    <Button
      tone="primary"
      onClick={() => {
        askForCorrection(item.itemId);
        onOpen(patientId);
      }}
    >
      Correct and send again
    </Button>
  );
}

function Differences({ item }: { readonly item: AttentionItem }) {
  return (
    <table>
      <caption className="spoken">Both versions</caption>
      <thead>
        <tr>
          <th scope="col">What</th>
          <th scope="col">
            Mine{item.mine ? `: ${item.mine.author}, ${displayDateTime(item.mine.recordedAt)}` : ''}
          </th>
          <th scope="col">Theirs{item.theirs ? `: ${theirWords(item.theirs)}` : ''}</th>
        </tr>
      </thead>
      <tbody>
        {item.differences.map((difference) => (
          <tr key={difference.path}>
            <th scope="row">{difference.path}</th>
            <td className="preserve">{difference.mine === null ? 'nothing' : plain(difference.mine)}</td>
            <td className="preserve">{difference.theirs === null ? 'nothing' : plain(difference.theirs)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Who wrote the version that stands: name, role, organisation where it is another, and when. */
function theirWords({
  author,
  role,
  organisation,
  recordedAt,
}: NonNullable<AttentionItem['theirs']>): string {
  const known = Object.entries(ROLE_WORDS).find(([one]) => one === role)?.[1];
  return [author, known, organisation, recordedAt === undefined ? undefined : displayDateTime(recordedAt)]
    .filter((part) => part !== undefined)
    .join(', ');
}

/** A JSON value without its quotes and brackets. */
function plain(json: string): string {
  return json
    .replace(/[{}"[\]]/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}
