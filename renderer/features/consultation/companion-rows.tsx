import { useRef } from 'react';
import {
  AUTHORITIES,
  cameAlone,
  RELATIONS,
  type AuthorityKey,
  type Companion,
  type RelationKey,
} from '../../../domain/record/companion.ts';
import { DateField } from '../dates/index.ts';
import { newId } from '../saving/index.ts';
import { Button } from '../../ui/index.ts';
import { useCommand } from '../../ui/commands/index.ts';

export function newCompanion(role: Companion['role']): Companion {
  return { id: newId(), role, relation: '', name: '' };
}

/** Who came along and who told the history, by relation and name; for a child the first line asks by itself. */
export function CompanionRows({
  companions,
  child,
  onChange,
}: {
  readonly companions: readonly Companion[];
  readonly child: boolean;
  readonly onChange: (companions: readonly Companion[]) => void;
}) {
  const rows = useRef<HTMLDivElement>(null);
  const add = () => {
    onChange([...companions, newCompanion('accompanied')]);
    requestAnimationFrame(() => {
      [...(rows.current?.querySelectorAll<HTMLElement>('[data-companion] select') ?? [])].at(-2)?.focus();
    });
  };
  useCommand({
    id: 'consultation.companion',
    title: 'Who came along, who told the history',
    keys: 'Alt+J',
    group: 'Consultation',
    run: add,
  });
  return (
    <div className="companions" ref={rows}>
      {companions.map((companion, at) => (
        <CompanionRow
          key={companion.id}
          companion={companion}
          child={child && at === 0}
          onChange={(changed) => {
            onChange(companions.map((one) => (one.id === changed.id ? changed : one)));
          }}
          onRemove={() => {
            onChange(companions.filter((one) => one.id !== companion.id));
          }}
        />
      ))}
      <Button tone="plain" keys="Alt+J" onClick={add}>
        {companions.length === 0 ? 'Somebody came along or told the history' : 'Somebody else'}
      </Button>
    </div>
  );
}

function CompanionRow({
  companion,
  child,
  onChange,
  onRemove,
}: {
  readonly companion: Companion;
  readonly child: boolean;
  readonly onChange: (companion: Companion) => void;
  readonly onRemove: () => void;
}) {
  const { role, relation, name, authority } = companion;
  const alone = cameAlone(companion);
  return (
    <div className="companion" data-companion role="group" aria-label="Somebody with the patient">
      {child ? <strong>Child.</strong> : null}
      <select
        className="box"
        aria-label="What they did"
        value={role}
        onChange={(event) => {
          onChange({ ...companion, role: event.target.value === 'informant' ? 'informant' : 'accompanied' });
        }}
      >
        <option value="accompanied">Accompanied by</option>
        <option value="informant">History from</option>
      </select>
      <select
        className="box"
        aria-label="Relation to the patient"
        value={relation}
        onChange={(event) => {
          onChange({ ...companion, relation: event.target.value as RelationKey | '' });
        }}
      >
        <option value="">Relation</option>
        {RELATIONS.filter(({ key }) => key !== 'alone' || role === 'accompanied').map(({ key, label }) => (
          <option key={key} value={key}>
            {label}
          </option>
        ))}
      </select>
      {alone ? null : (
        <>
          <input
            className="box companion-name"
            aria-label="Their name"
            placeholder="name"
            value={name}
            onChange={(event) => {
              onChange({ ...companion, name: event.target.value });
            }}
          />
          <select
            className="box"
            aria-label="Speaks for the patient by"
            value={authority?.by ?? ''}
            onChange={(event) => {
              const by = AUTHORITIES.find(({ key }) => key === event.target.value)?.key;
              onChange(withAuthority(companion, by));
            }}
          >
            <option value="">Does not speak for the patient</option>
            {AUTHORITIES.map(({ key, label }) => (
              <option key={key} value={key}>
                {label}
              </option>
            ))}
          </select>
        </>
      )}
      <Button tone="plain" aria-label="Remove this person" onClick={onRemove}>
        Remove
      </Button>
      {authority === undefined || alone ? null : (
        <div className="companion-authority">
          <label className="field">
            <span className="field-label">For what</span>
            <input
              className="box"
              value={authority.scope}
              onChange={(event) => {
                onChange({ ...companion, authority: { ...authority, scope: event.target.value } });
              }}
            />
          </label>
          <DateField
            label="Until, if it ends"
            value={authority.until}
            onChange={(until) => {
              onChange({ ...companion, authority: { ...authority, until } });
            }}
          />
        </div>
      )}
    </div>
  );
}

function withAuthority(companion: Companion, by: AuthorityKey | undefined): Companion {
  const { authority, ...rest } = companion;
  return by === undefined
    ? rest
    : { ...rest, authority: { by, scope: authority?.scope ?? '', until: authority?.until ?? '' } };
}
