import { useState } from 'react';
import { namePrescribingSystem, PRESCRIBING_SYSTEM_ID } from '../../../domain/record/practice-setting.ts';
import { usePractice, usePracticeSave, useSettingContext } from '../practice/index.ts';
import { ErrorNotice } from '../session/index.ts';
import { Button, TextField } from '../../ui/index.ts';

/** The system in which this practice prescribes: named on every medication list, shown and printed (H-040). */
export function Prescribing({ may }: { readonly may: boolean }) {
  const { settings, shown } = usePractice();
  const { save, error, busy } = usePracticeSave();
  const context = useSettingContext();
  const stands = settings.prescribing?.name ?? '';
  const [name, setName] = useState(stands);
  const exists = shown(`Basic/${PRESCRIBING_SYSTEM_ID}`) !== undefined;
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (name.trim() !== stands) void save([namePrescribingSystem(name.trim(), exists, context())]);
      }}
    >
      <h2>Prescribing system</h2>
      <p className="quiet">
        Gladstone does not prescribe. Name the system in which this practice does: the medication list, on the
        screen and on paper, says so.
      </p>
      <TextField
        label="Prescribing is done in"
        disabled={!may}
        maxLength={60}
        value={name}
        onChange={(event) => {
          setName(event.target.value);
        }}
      />
      <ErrorNotice error={error} />
      {may ? (
        <div className="row">
          <Button tone="primary" submit keys="Enter" disabled={busy || name.trim() === stands}>
            Save for the practice
          </Button>
        </div>
      ) : null}
    </form>
  );
}
