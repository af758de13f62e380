import { useState } from 'react';
import type { AttentionItem } from '../../../contract/channels/sync.ts';
import type { BridgeError } from '../../../contract/channels/channel.ts';
import { parseExact, stringifyExact } from '../../../domain/fhir/exact-json.ts';
import type { ResourceJson } from '../../../domain/sync/operation.ts';
import { entryWords } from '../../../domain/sync/clinical-sentence.ts';
import { EntryDialog } from '../lists/index.ts';
import { newId, SavedWords, useSave } from '../saving/index.ts';
import { Notice, TextAreaField, TextField, useToaster } from '../../ui/index.ts';
import { editableWords, withWords } from './editable-words.ts';

type Refused = NonNullable<AttentionItem['refused']>;

const NO_NUMBER: BridgeError = {
  code: 'not-a-number',
  message: 'A value that must be a number is none.',
  lost: 'nothing',
  remedy: 'Write it in figures, with a point for decimals, or leave the box empty.',
};

/** Longer than this, a word gets room for several lines. */
const ONE_LINE = 60;

/** What was refused, word for word, to be put right and sent again. The refused save stays in the journal, replaced. */
export function CorrectRefused({
  item,
  refused,
  patientId,
  whose,
  draftId,
  onClose,
}: {
  readonly item: AttentionItem;
  readonly refused: Refused;
  readonly patientId: string;
  readonly whose: string;
  /** The draft of its form, which ends with the corrected save. */
  readonly draftId: string | undefined;
  readonly onClose: () => void;
}) {
  const save = useSave();
  const toaster = useToaster();
  const [groupId] = useState(newId);
  const [entries] = useState(() =>
    refused.operations.map((operation) => {
      const resource = parseExact(operation.after) as ResourceJson;
      return { operation, resource, words: editableWords(resource) };
    }),
  );
  const [typed, setTyped] = useState<Readonly<Record<string, string>>>({});
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<BridgeError | null>(null);
  const submit = async () => {
    const corrected = entries.map(({ operation, resource, words }, at) => ({
      operation,
      after: withWords(
        resource,
        words.map((word, index) => ({ ...word, value: typed[`${at}.${index}`] ?? word.value })),
      ),
    }));
    if (corrected.some(({ after }) => after === null)) {
      setError(NO_NUMBER);
      return;
    }
    setBusy(true);
    const answer = await save({
      groupId,
      patientId,
      replaces: refused.groupId,
      ...(draftId === undefined ? {} : { draftId }),
      changes: corrected.map(({ operation: { kind, resource, baseVersion, reason }, after }) => ({
        kind,
        resource,
        after: stringifyExact(after),
        ...(baseVersion === undefined ? {} : { baseVersion }),
        ...(reason === undefined ? {} : { reason }),
      })),
    });
    setBusy(false);
    if (!answer.ok) {
      setError(answer.error);
      return;
    }
    toaster.tell(<SavedWords answer={answer.value} />);
    onClose();
  };
  return (
    <EntryDialog
      title="Correct and send again"
      whose={whose}
      action="Send again"
      ready
      busy={busy}
      error={error}
      onClose={onClose}
      onSubmit={() => void submit()}
    >
      <Notice tone="amber">
        <strong>Refused by the record service.</strong> {item.rule}
      </Notice>
      {entries.map(({ operation, resource, words }, at) => (
        <section key={operation.resource} className="stack" aria-label={entryWords(resource)}>
          <h3>{entryWords(resource)}</h3>
          {words.length === 0 ? <p className="quiet">Nothing in it to correct; it goes as it is.</p> : null}
          {words.map((word, index) => {
            const key = `${at}.${index}`;
            const shared = {
              label: word.label,
              value: typed[key] ?? word.value,
              autoFocus: at === 0 && index === 0,
            };
            const put = (value: string) => {
              setTyped((all) => ({ ...all, [key]: value }));
            };
            return word.value.length > ONE_LINE ? (
              <TextAreaField
                key={key}
                {...shared}
                rows={3}
                onChange={(event) => {
                  put(event.target.value);
                }}
              />
            ) : (
              <TextField
                key={key}
                {...shared}
                onChange={(event) => {
                  put(event.target.value);
                }}
              />
            );
          })}
        </section>
      ))}
    </EntryDialog>
  );
}
