import { useState, type KeyboardEvent } from 'react';
import {
  CONSULTATION_HEADINGS,
  type ConsultationHeading,
} from '../../../domain/clinical/consultation-headings.ts';
import {
  ITEM_KINDS,
  type EditedItem,
  type EditedSection,
  type ItemKind,
} from '../../../domain/clinical/template-editing.ts';
import { Button } from '../../ui/index.ts';
import { ItemFields } from './item-fields.tsx';

/** One heading of a template with its items; each is moved and removed by its own keys. */
export function TemplateSection({
  section,
  at,
  last,
  faultAt,
  onHeading,
  onAdd,
  onItem,
  onMove,
  onRemove,
  onMoveItem,
  onRemoveItem,
}: {
  readonly section: EditedSection;
  readonly at: number;
  readonly last: boolean;
  readonly faultAt: (path: string) => string | undefined;
  readonly onHeading: (heading: ConsultationHeading) => void;
  readonly onAdd: (kind: ItemKind) => void;
  readonly onItem: (item: EditedItem) => void;
  readonly onMove: (by: 1 | -1) => void;
  readonly onRemove: () => void;
  readonly onMoveItem: (id: string, by: 1 | -1) => void;
  readonly onRemoveItem: (id: string) => void;
}) {
  const name = `section ${at + 1}, ${section.heading}`;
  return (
    <section className="panel template-section" data-section={section.id} aria-label={`Section ${at + 1}`}>
      <header>
        <select
          className="box"
          aria-label={`Heading of section ${at + 1}`}
          value={section.heading}
          onChange={(event) => {
            onHeading(event.target.value as ConsultationHeading);
          }}
        >
          {CONSULTATION_HEADINGS.map((heading) => (
            <option key={heading}>{heading}</option>
          ))}
        </select>
        <MoveAndRemove name={name} first={at === 0} last={last} onMove={onMove} onRemove={onRemove} />
      </header>
      {section.items.map(({ id, item }, place) => (
        <ItemFrame
          key={id}
          edited={{ id, item }}
          name={`item ${place + 1} of ${name}`}
          faultOf={(field) => faultAt(`sections.${at}.items.${place}.${field}`)}
          onItem={onItem}
          onMove={(by) => {
            onMoveItem(id, by);
          }}
          onRemove={() => {
            onRemoveItem(id);
          }}
        />
      ))}
      {faultAt(`sections.${at}.items`) === undefined ? null : (
        <p className="field-error">Add an item, or remove the section.</p>
      )}
      <AddItem name={name} onAdd={onAdd} />
    </section>
  );
}

function ItemFrame({
  edited,
  name,
  faultOf,
  onItem,
  onMove,
  onRemove,
}: {
  readonly edited: EditedItem;
  readonly name: string;
  readonly faultOf: (field: string) => string | undefined;
  readonly onItem: (item: EditedItem) => void;
  readonly onMove: (by: 1 | -1) => void;
  readonly onRemove: () => void;
}) {
  const onKeyDown = (event: KeyboardEvent) => {
    if (!event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === 'ArrowUp') onMove(-1);
    else if (event.key === 'ArrowDown') onMove(1);
    else if (event.key === 'Delete') onRemove();
    else return;
    event.preventDefault();
  };
  const kind = ITEM_KINDS.find((one) => one.kind === edited.item.kind)?.label ?? '';
  return (
    <fieldset className="template-item" data-item={edited.id} onKeyDown={onKeyDown}>
      <legend>{kind}</legend>
      <div className="grow">
        <ItemFields
          item={edited.item}
          faultOf={faultOf}
          onChange={(item) => {
            onItem({ ...edited, item });
          }}
        />
      </div>
      <MoveAndRemove name={name} first={false} last={false} onMove={onMove} onRemove={onRemove} />
    </fieldset>
  );
}

function MoveAndRemove({
  name,
  first,
  last,
  onMove,
  onRemove,
}: {
  readonly name: string;
  readonly first: boolean;
  readonly last: boolean;
  readonly onMove: (by: 1 | -1) => void;
  readonly onRemove: () => void;
}) {
  return (
    <span className="template-moves">
      <Button
        tone="plain"
        aria-label={`Move ${name} up`}
        disabled={first}
        onClick={() => {
          onMove(-1);
        }}
      >
        ↑
      </Button>
      <Button
        tone="plain"
        aria-label={`Move ${name} down`}
        disabled={last}
        onClick={() => {
          onMove(1);
        }}
      >
        ↓
      </Button>
      <Button tone="plain" aria-label={`Remove ${name}`} onClick={onRemove}>
        Remove
      </Button>
    </span>
  );
}

/** Chosen first, added by a key of its own: arrows over the kinds add nothing. */
function AddItem({ name, onAdd }: { readonly name: string; readonly onAdd: (kind: ItemKind) => void }) {
  const [kind, setKind] = useState<ItemKind>('text');
  return (
    <form
      className="row template-add"
      onSubmit={(event) => {
        event.preventDefault();
        onAdd(kind);
      }}
    >
      <select
        className="box"
        aria-label={`Add to ${name}`}
        value={kind}
        onChange={(event) => {
          setKind(ITEM_KINDS.find((one) => one.kind === event.target.value)?.kind ?? 'text');
        }}
        onKeyDown={(event) => {
          if (event.key !== 'Enter') return;
          event.preventDefault();
          onAdd(kind);
        }}
      >
        {ITEM_KINDS.map((one) => (
          <option key={one.kind} value={one.kind}>
            {one.label}
          </option>
        ))}
      </select>
      <Button submit keys="Enter">
        Add an item
      </Button>
    </form>
  );
}
