import { useEffect, useRef, useState } from 'react';
import type { ConsultationHeading } from '../../../domain/clinical/consultation-headings.ts';
import {
  addItem,
  moveItem,
  moveSection,
  newItem,
  newSection,
  putItem,
  putSection,
  removedItem,
  removedSection,
  removeItem,
  removeSection,
  type EditedItem,
  type EditedSection,
  type ItemKind,
} from '../../../domain/clinical/template-editing.ts';
import { templateEdit } from '../../../domain/record/practice-template.ts';
import { usePracticeSave, useSettingContext } from '../practice/index.ts';
import { DraftLine, newId } from '../saving/index.ts';
import { ErrorNotice } from '../session/index.ts';
import { Button, Notice, TextField } from '../../ui/index.ts';
import { useCommand } from '../../ui/commands/index.ts';
import { faultWords } from './fault-words.ts';
import { TemplateSection } from './template-section.tsx';
import { TryOut } from './try-out.tsx';
import { useEditing, type TemplateWork } from './use-editing.ts';

const SHOWN_FAULTS = 6;

/** One template being changed: sections and items by keyboard, tried out, saved as the next version. */
export function TemplateEditor({
  work,
  onSaved,
  onClose,
}: {
  readonly work: TemplateWork;
  readonly onSaved: (id: string) => void;
  readonly onClose: () => void;
}) {
  const { edited, draft, put, read, lastRemoved, take, undo } = useEditing(work);
  const { save, error, busy } = usePracticeSave();
  const context = useSettingContext();
  const [asked, setAsked] = useState(false);
  const [trying, setTrying] = useState(false);
  const page = useRef<HTMLDivElement>(null);
  const wanted = useRef<string | null>(null);
  useEffect(() => {
    if (wanted.current === null) return;
    page.current?.querySelector<HTMLElement>(wanted.current)?.focus();
    wanted.current = null;
  });
  const faults = read.ok || !asked ? [] : read.faults;
  const faultAt = (path: string) => faults.find((fault) => fault.path === path)?.words;
  const saveIt = async () => {
    setAsked(true);
    if (!read.ok) {
      wanted.current = '[aria-invalid="true"]';
      return;
    }
    const { id, withdrawn, copiedFrom, exists } = work;
    const by = context();
    const saved = await save(
      [
        templateEdit(
          exists ? 'amend' : 'create',
          { id, template: read.value, withdrawn, copiedFrom },
          { by: by.author.name, practice: by.practice, on: by.recorded },
        ),
      ],
      work.draftId,
    );
    if (!saved) return;
    draft.ended();
    onSaved(id);
  };
  useCommand({
    id: 'templates.save',
    title: 'Save the template',
    keys: 'Ctrl+Enter',
    group: 'Templates',
    run: () => void saveIt(),
  });
  useCommand({
    id: 'templates.undo',
    title: 'Put back what was removed',
    keys: 'Alt+Z',
    group: 'Templates',
    enabled: lastRemoved !== undefined,
    run: undo,
  });
  useCommand({
    id: 'templates.close',
    title: 'Close the template (the draft is kept)',
    keys: 'Escape',
    group: 'Templates',
    run: onClose,
  });
  const sectionProps = (section: EditedSection, at: number) => ({
    section,
    at,
    last: at === edited.sections.length - 1,
    faultAt,
    onHeading: (heading: ConsultationHeading) => {
      put(putSection(edited, { ...section, heading }));
    },
    onAdd: (kind: ItemKind) => {
      const item = newItem(kind, newId);
      wanted.current = `[data-item="${item.id}"] .box, [data-item="${item.id}"] .button`;
      put(addItem(edited, section.id, item));
    },
    onItem: (item: EditedItem) => {
      put(putItem(edited, item));
    },
    onMove: (by: 1 | -1) => {
      wanted.current = `[data-section="${section.id}"] select`;
      put(moveSection(edited, section.id, by));
    },
    onRemove: () => {
      wanted.current = '[data-undo]';
      take(removeSection(edited, section.id), removedSection(edited, section.id));
    },
    onMoveItem: (id: string, by: 1 | -1) => {
      wanted.current = `[data-item="${id}"] .box, [data-item="${id}"] .button`;
      put(moveItem(edited, id, by));
    },
    onRemoveItem: (id: string) => {
      wanted.current = '[data-undo]';
      take(removeItem(edited, id), removedItem(edited, id));
    },
  });
  return (
    <section className="templates-editor" ref={page} aria-label="Template being changed">
      <header className="templates-head">
        <h1 className="templates-title">
          {work.exists ? 'Change' : 'New'}: {edited.label.trim() === '' ? 'template' : edited.label}, version{' '}
          {work.version}
        </h1>
        <span className="grow" />
        <Button
          onClick={() => {
            setAsked(true);
            if (read.ok) setTrying(true);
          }}
        >
          Try out
        </Button>
        <Button keys="Esc" title="The draft is kept" onClick={onClose}>
          Close
        </Button>
        <Button tone="primary" keys="Ctrl+Enter" disabled={busy} onClick={() => void saveIt()}>
          {busy ? 'Saving…' : 'Save for the practice'}
        </Button>
      </header>
      <div className="scroll stack" tabIndex={0} role="group" aria-label="Parts of the template">
        <ErrorNotice error={error} />
        {faults.length > 0 ? (
          <Notice tone="danger" role="alert">
            <strong>Not saved: not yet in the agreed form.</strong>
            <ul>
              {faults.slice(0, SHOWN_FAULTS).map((fault) => (
                <li key={`${fault.path} ${fault.words}`}>{faultWords(fault)}</li>
              ))}
            </ul>
            {faults.length > SHOWN_FAULTS ? <p>{faults.length - SHOWN_FAULTS} more.</p> : null}
          </Notice>
        ) : null}
        <div className="templates-name">
          <TextField
            label="Name"
            autoFocus
            value={edited.label}
            error={faultAt('label')}
            onChange={(event) => {
              put({ ...edited, label: event.target.value });
            }}
          />
          <TextField
            label="Ages from"
            inputMode="numeric"
            value={edited.agesFrom}
            error={faultAt('ages.from')}
            onChange={(event) => {
              put({ ...edited, agesFrom: event.target.value });
            }}
          />
          <TextField
            label="to (years)"
            inputMode="numeric"
            value={edited.agesTo}
            error={faultAt('ages.to')}
            onChange={(event) => {
              put({ ...edited, agesTo: event.target.value });
            }}
          />
        </div>
        {edited.sections.map((section, at) => (
          <TemplateSection key={section.id} {...sectionProps(section, at)} />
        ))}
        {faultAt('sections') === undefined ? null : <p className="field-error">Add at least one section.</p>}
        <div className="row">
          <Button
            onClick={() => {
              const section = newSection('History', newId);
              wanted.current = `[data-section="${section.id}"] select`;
              put({ ...edited, sections: [...edited.sections, section] });
            }}
          >
            Add a section
          </Button>
        </div>
      </div>
      <footer className="templates-foot">
        <DraftLine draft={draft} />
        <span className="quiet small">
          <kbd>Alt+↑</kbd> <kbd>Alt+↓</kbd> move the item that you are in, <kbd>Alt+Delete</kbd> removes it
        </span>
        <span className="grow" />
        {lastRemoved === undefined ? null : (
          <Button keys="Alt+Z" data-undo onClick={undo}>
            Put back the {lastRemoved.kind} removed
          </Button>
        )}
      </footer>
      {trying && read.ok ? (
        <TryOut
          template={read.value}
          onClose={() => {
            setTrying(false);
          }}
        />
      ) : null}
    </section>
  );
}
