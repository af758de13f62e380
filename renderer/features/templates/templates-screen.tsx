import { useState, type KeyboardEvent } from 'react';
import type { BridgeError } from '../../../contract/channels/channel.ts';
import { editTemplate } from '../../../domain/clinical/template-editing.ts';
import {
  readTemplate,
  type ConsultationTemplate,
  type TemplateFault,
} from '../../../domain/clinical/template.ts';
import type { CatalogueEntry } from '../../../domain/record/template-catalogue.ts';
import { host } from '../../host/index.ts';
import { usePractice } from '../practice/index.ts';
import { newId } from '../saving/index.ts';
import { ErrorNotice, useMay } from '../session/index.ts';
import { Button, localInstant, Notice } from '../../ui/index.ts';
import { Checks } from './checks.tsx';
import { faultWords } from './fault-words.ts';
import { Prescribing } from './prescribing.tsx';
import { TemplateDetails } from './template-details.tsx';
import { TemplateEditor } from './template-editor.tsx';
import { UnfinishedTemplates } from './unfinished-templates.tsx';
import { newWork, type TemplateWork } from './use-editing.ts';
import './templates.css';

const CHECKS = '#checks';
const PRESCRIBING = '#prescribing';

/** What holds for the whole practice: its templates, which checks are on, and where it prescribes. */
export function TemplatesScreen() {
  const { catalogue } = usePractice();
  const may = useMay()('amend-practice-settings');
  const [chosen, setChosen] = useState<string | null>(null);
  const [work, setWork] = useState<TemplateWork | null>(null);
  const [error, setError] = useState<BridgeError | null>(null);
  const [refused, setRefused] = useState<{ fileName: string; faults: readonly TemplateFault[] } | null>(null);
  const { entries, leftOut } = catalogue;
  const own = entries.filter((entry) => entry.own !== null);
  const shipped = entries.filter((entry) => entry.own === null);
  const shownKey = chosen ?? entries[0]?.template.key ?? CHECKS;
  const entry = entries.find(({ template }) => template.key === shownKey);
  const editCopy = (template: ConsultationTemplate, of: Parameters<typeof newWork>[2]) => {
    setWork(newWork(editTemplate(template, newId), localInstant(), of));
  };
  const edit = ({ template, own: mine }: CatalogueEntry) => {
    if (mine === null) {
      editCopy({ ...template, label: `${template.label} (ours)` }, { copiedFrom: template.key });
      return;
    }
    const { id, withdrawn, copiedFrom } = mine;
    editCopy(template, { id, exists: true, withdrawn, copiedFrom, version: nextVersion(template.version) });
  };
  const importIt = async () => {
    const answer = await host().call('template.import');
    setError(answer.ok ? null : answer.error);
    setRefused(null);
    if (!answer.ok || answer.value === null) return;
    const { fileName, text } = answer.value;
    const read = readTemplate(parsed(text));
    if (read.ok) editCopy(read.value, {});
    else setRefused({ fileName, faults: read.faults });
  };
  if (work !== null) {
    return (
      <div className="templates">
        <TemplateEditor
          key={work.draftId}
          work={work}
          onSaved={(id) => {
            setChosen(id);
            setWork(null);
          }}
          onClose={() => {
            setWork(null);
          }}
        />
      </div>
    );
  }
  const choice = (key: string, words: string, state: string) => (
    <button
      key={key}
      type="button"
      className="templates-choice"
      aria-current={key === shownKey ? 'true' : undefined}
      onClick={() => {
        setChosen(key);
      }}
      onKeyDown={moveAmongChoices}
    >
      {words}
      {state === '' ? null : <span className="quiet"> {state}</span>}
    </button>
  );
  return (
    <div className="templates">
      <header className="templates-head">
        <h1>Templates and checks</h1>
        <span className="grow" />
        {may ? (
          <>
            <Button
              onClick={() => {
                editCopy({ key: '', label: '', version: '1', sections: EMPTY }, {});
              }}
            >
              New template
            </Button>
            <Button onClick={() => void importIt()}>Import from a file</Button>
          </>
        ) : (
          <span className="quiet">A GP or the practice manager can change these.</span>
        )}
      </header>
      <ErrorNotice error={error} />
      {refused === null ? null : (
        <Notice tone="danger" role="alert">
          <strong>{refused.fileName} was not taken in.</strong> It is not a template in the agreed form;
          nothing was changed.
          <FaultList faults={refused.faults} />
        </Notice>
      )}
      {may ? <UnfinishedTemplates onGoOn={setWork} /> : null}
      {leftOut.map(({ id, name, faults }) => (
        <Notice key={id} tone="amber">
          <strong>{name} is left out:</strong> it is not in the agreed form, so no consultation is offered it.
          <FaultList faults={faults} />
        </Notice>
      ))}
      <div className="templates-panes">
        <nav className="templates-list scroll" aria-label="Templates, checks, prescribing system">
          {own.length === 0 ? null : <h2 className="small">This practice</h2>}
          {own.map((one) => choice(one.template.key, one.template.label, stateWords(one)))}
          <h2 className="small">Built in</h2>
          {shipped.map((one) => choice(one.template.key, one.template.label, stateWords(one)))}
          <h2 className="small">For the whole practice</h2>
          {choice(CHECKS, 'Checks', '')}
          {choice(PRESCRIBING, 'Prescribing system', '')}
        </nav>
        <div className="templates-detail scroll" tabIndex={0} role="group" aria-label="Chosen">
          {shownKey === CHECKS ? <Checks may={may} /> : null}
          {shownKey === PRESCRIBING ? <Prescribing may={may} /> : null}
          {entry ? (
            <TemplateDetails
              key={shownKey}
              entry={entry}
              may={may}
              onEdit={() => {
                edit(entry);
              }}
            />
          ) : null}
        </div>
      </div>
    </div>
  );
}

const EMPTY: ConsultationTemplate['sections'] = [
  { heading: 'History', items: [{ kind: 'text', key: 'history', label: 'History' }] },
  { heading: 'Plan', items: [{ kind: 'text', key: 'plan', label: 'Plan' }] },
];

function FaultList({ faults }: { readonly faults: readonly TemplateFault[] }) {
  return (
    <ul>
      {faults.slice(0, 5).map((fault) => (
        <li key={`${fault.path} ${fault.words}`}>{faultWords(fault)}</li>
      ))}
      {faults.length > 5 ? <li>{faults.length - 5} more</li> : null}
    </ul>
  );
}

function stateWords({ state, off }: CatalogueEntry): string {
  if (off !== null) return 'switched off';
  return state === 'offered' ? '' : state;
}

function nextVersion(version: string): string {
  return /^\d+$/.test(version) ? String(Number(version) + 1) : `${version}.1`;
}

/** What is no JSON is no template: the reader says what is wrong with it. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

function moveAmongChoices(event: KeyboardEvent<HTMLButtonElement>): void {
  if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
  const all = [
    ...(event.currentTarget.closest('nav')?.querySelectorAll<HTMLElement>('.templates-choice') ?? []),
  ];
  const to = all[all.indexOf(event.currentTarget) + (event.key === 'ArrowDown' ? 1 : -1)];
  to?.focus();
  to?.click();
  event.preventDefault();
}
