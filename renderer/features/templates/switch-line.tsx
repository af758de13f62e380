import { useState } from 'react';
import type { Basic } from '@medplum/fhirtypes';
import { displayDateTime } from '../../../domain/clinical/date-display.ts';
import { noLongerInForce, switchOff, type SwitchTarget } from '../../../domain/record/practice-setting.ts';
import { usePractice, usePracticeSave, useSettingContext } from '../practice/index.ts';
import { newId, resourceOf } from '../saving/index.ts';
import { ErrorNotice } from '../session/index.ts';
import { Button, Notice, TextField } from '../../ui/index.ts';

/** One check or template: on, or off with reason, who and when; switched for the whole practice (H-039). */
export function SwitchLine({
  target,
  name,
  may,
}: {
  readonly target: SwitchTarget;
  readonly name: string;
  readonly may: boolean;
}) {
  const { settings, shown } = usePractice();
  const { save, error, busy } = usePracticeSave();
  const context = useSettingContext();
  const [asking, setAsking] = useState(false);
  const [reason, setReason] = useState('');
  const off = settings.switchedOff.filter((one) => one.target === target);
  const put = async () => {
    if (reason.trim() === '') return;
    if (await save([switchOff(newId(), target, reason.trim(), context())])) {
      setAsking(false);
      setReason('');
    }
  };
  const lift = () =>
    save(
      off.flatMap(({ id }) => {
        const before = shown(`Basic/${id}`);
        return before ? [noLongerInForce(resourceOf<Basic>(before), context())] : [];
      }),
    );
  if (off.length > 0) {
    return (
      <Notice
        tone="amber"
        action={
          may ? (
            <Button disabled={busy} onClick={() => void lift()}>
              Switch on again
            </Button>
          ) : null
        }
      >
        <strong>{name} is switched off for the practice.</strong>
        {off.map((one) => (
          <p key={one.id}>
            {one.reason}. {one.by}, {displayDateTime(one.since)}
          </p>
        ))}
        <ErrorNotice error={error} />
      </Notice>
    );
  }
  if (!may) return null;
  return asking ? (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        void put();
      }}
    >
      <TextField
        label={`Why is ${name} switched off? Everyone in the practice reads this where it would show`}
        autoFocus
        value={reason}
        onChange={(event) => {
          setReason(event.target.value);
        }}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return;
          event.stopPropagation();
          event.nativeEvent.stopImmediatePropagation();
          setAsking(false);
        }}
      />
      <ErrorNotice error={error} />
      <div className="row">
        <Button tone="danger" submit keys="Enter" disabled={busy || reason.trim() === ''}>
          Switch off for the practice
        </Button>
        <Button
          onClick={() => {
            setAsking(false);
          }}
        >
          Leave it on
        </Button>
      </div>
    </form>
  ) : (
    <div className="row">
      {target.startsWith('rule:') ? <span className="quiet">On</span> : null}
      <Button
        aria-label={`Switch off: ${name}`}
        onClick={() => {
          setAsking(true);
        }}
      >
        Switch off…
      </Button>
    </div>
  );
}
