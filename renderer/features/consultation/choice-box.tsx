import { useId, useState, type KeyboardEvent } from 'react';

export interface Choice {
  readonly id: string;
  readonly label: string;
  /** Under which words it stands in the list. */
  readonly group?: string | undefined;
  /** Why it cannot be chosen; it stands there and says so. */
  readonly off?: string | undefined;
}

/** A list opened by ↓ or by letters that narrow it; the arrows pass over it, and only Enter or a press takes one. */
export function ChoiceBox({
  label,
  placeholder,
  choices,
  onTake,
}: {
  readonly label: string;
  readonly placeholder: string;
  readonly choices: readonly Choice[];
  readonly onTake: (id: string) => void;
}) {
  const id = useId();
  const [open, setOpen] = useState(false);
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const found = choices.filter((one) => one.label.toLowerCase().includes(text.trim().toLowerCase()));
  const offered = found.filter((one) => one.off === undefined);
  const highlighted = offered[Math.min(at, offered.length - 1)];
  const close = () => {
    setOpen(false);
    setText('');
    setAt(0);
  };
  const take = (choice: Choice | undefined) => {
    if (choice?.off !== undefined || !choice) return;
    close();
    onTake(choice.id);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === 'Enter' && open) take(highlighted);
    else if (event.key === 'ArrowDown' && open) setAt(Math.min(at + 1, offered.length - 1));
    else if (event.key === 'ArrowUp' && open) setAt(Math.max(at - 1, 0));
    else if (event.key === 'ArrowDown' || event.key === 'Enter') setOpen(true);
    else if (event.key === 'Escape' && open) {
      close();
      event.stopPropagation();
      event.nativeEvent.stopImmediatePropagation();
    } else return;
    event.preventDefault();
  };
  return (
    <div className="choice-box">
      <input
        className="box"
        role="combobox"
        aria-label={label}
        aria-expanded={open}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        aria-activedescendant={open && highlighted ? `${id}-${highlighted.id}` : undefined}
        autoComplete="off"
        spellCheck={false}
        placeholder={`${placeholder} ▾`}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setAt(0);
          setOpen(true);
        }}
        onKeyDown={onKeyDown}
        onBlur={close}
        onPointerDown={() => {
          setOpen(!open);
        }}
      />
      {open ? (
        <div className="listbox choice-list" id={`${id}-list`} role="listbox" aria-label={label}>
          {found.map((choice, place) => (
            <div
              key={choice.id}
              id={`${id}-${choice.id}`}
              role="option"
              aria-selected={choice === highlighted}
              aria-disabled={choice.off === undefined ? undefined : true}
              ref={(element) => {
                if (choice === highlighted) element?.scrollIntoView({ block: 'nearest' });
              }}
              onPointerDown={(event) => {
                event.preventDefault();
                take(choice);
              }}
            >
              {choice.group !== undefined && choice.group !== found[place - 1]?.group ? (
                <span className="choice-group quiet small">{choice.group}</span>
              ) : null}
              {choice.label}
              {choice.off === undefined ? '' : `. ${choice.off}`}
            </div>
          ))}
          {found.length === 0 ? <div className="quiet">Nothing has these letters.</div> : null}
        </div>
      ) : null}
    </div>
  );
}
