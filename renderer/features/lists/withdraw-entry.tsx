import { addendumTo } from '../../../domain/record/consultation.ts';
import { enteredInErrorOf } from '../../../domain/record/entry-view.ts';
import type { AnyResource } from '../../../domain/record/overlay.ts';
import { enteredInError } from '../../../domain/record/record-edit.ts';
import type { RecordView } from '../../../domain/record/record-view.ts';
import type { ResourceJson } from '../../../domain/sync/operation.ts';
import { useBagQuery } from '../bag/index.ts';
import { newId, resourceOf, useFormDraft } from '../saving/index.ts';
import { Notice, TextAreaField } from '../../ui/index.ts';
import { EntryDialog } from './entry-dialog.tsx';
import { useEntrySave } from './use-entry-save.ts';

interface Props {
  readonly record: RecordView;
  readonly entryKey: string;
  readonly whose: string;
  readonly onClose: () => void;
}

/** Nothing is removed: the entry stays, struck through, with who, when and why. */
export function EnteredInError({ record, entryKey, whose, onClose }: Props) {
  const shown = useBagQuery(`resource ${entryKey}`, (bag) => bag.resource(record.patientId, entryKey)).value;
  const form = useFormDraft('other', record.patientId, { kind: 'entered-in-error', key: entryKey });
  const [reason, setReason] = form.field('reason', '');
  const { run, error, busy } = useEntrySave(record.patientId, onClose, null, form);
  const before = shown ? enteredInErrorOf(resourceOf<AnyResource>(shown)) : null;
  return (
    <EntryDialog
      title="Mark as entered in error"
      whose={whose}
      action="Mark as entered in error"
      ready={shown !== null && shown !== undefined && before === null && reason.trim() !== ''}
      busy={busy}
      error={error}
      form={form}
      onClose={onClose}
      onSubmit={() => {
        if (shown)
          void run((context) => [enteredInError(resourceOf<ResourceJson>(shown), reason.trim(), context)], {
            shown,
          });
      }}
    >
      <Notice tone="amber">
        The entry is not removed. It stays in the record, struck through, with your name, the time and this
        reason.
      </Notice>
      {shown === null ? (
        <Notice tone="amber">This entry is not in the data on this computer any more.</Notice>
      ) : null}
      {before === null ? null : (
        <Notice tone="amber">It is marked already: {before.reason ?? 'no reason recorded'}.</Notice>
      )}
      <TextAreaField
        label="Reason"
        rows={3}
        autoFocus
        value={reason}
        onChange={(event) => {
          setReason(event.target.value);
        }}
      />
    </EntryDialog>
  );
}

/** Later words to a signed consultation, linked to the version that was read. */
export function Addendum({ record, entryKey, whose, onClose }: Props) {
  const shown = useBagQuery(`resource ${entryKey}`, (bag) => bag.resource(record.patientId, entryKey)).value;
  const form = useFormDraft('other', record.patientId, { kind: 'addendum', key: entryKey });
  const [text, setText] = form.field('text', '');
  const { run, error, busy } = useEntrySave(record.patientId, onClose, null, form);
  const compositionId = /^Composition\/(.+)$/.exec(entryKey)?.[1];
  return (
    <EntryDialog
      title="Addendum to this consultation"
      whose={whose}
      action="Sign the addendum"
      ready={compositionId !== undefined && shown !== null && shown !== undefined && text.trim() !== ''}
      busy={busy}
      error={error}
      form={form}
      onClose={onClose}
      onSubmit={() => {
        if (!shown || compositionId === undefined) return;
        const { encounter } = resourceOf<{ readonly encounter?: { readonly reference?: string } }>(shown);
        const encounterId = /^Encounter\/(.+)$/.exec(encounter?.reference ?? '')?.[1];
        void run((context) =>
          addendumTo(
            {
              compositionId,
              version: shown.source.version ?? 1,
              ...(encounterId === undefined ? {} : { encounterId }),
            },
            [{ kind: 'text', text: text.trim() }],
            newId(),
            context,
          ),
        );
      }}
    >
      {compositionId === undefined ? (
        <Notice tone="amber">
          Only a consultation written as one document takes an addendum. Write a new consultation instead.
        </Notice>
      ) : null}
      <TextAreaField
        label="Addendum"
        rows={5}
        autoFocus
        value={text}
        onChange={(event) => {
          setText(event.target.value);
        }}
      />
    </EntryDialog>
  );
}
