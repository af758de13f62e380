import { useState } from 'react';
import type { Basic } from '@medplum/fhirtypes';
import type { BridgeError } from '../../../contract/channels/channel.ts';
import { displayDateTime } from '../../../domain/clinical/date-display.ts';
import { hideTemplate, noLongerInForce } from '../../../domain/record/practice-setting.ts';
import { templateEdit } from '../../../domain/record/practice-template.ts';
import type { CatalogueEntry } from '../../../domain/record/template-catalogue.ts';
import { host } from '../../host/index.ts';
import { usePractice, usePracticeSave, useSettingContext } from '../practice/index.ts';
import { newId, resourceOf } from '../saving/index.ts';
import { ErrorNotice } from '../session/index.ts';
import { Button, Notice, Tag, useToaster } from '../../ui/index.ts';
import { SwitchLine } from './switch-line.tsx';
import { TemplateOutline } from './template-outline.tsx';
import { TryOut } from './try-out.tsx';

/** One template as it stands, and what may be done with it. */
export function TemplateDetails({
  entry,
  may,
  onEdit,
}: {
  readonly entry: CatalogueEntry;
  readonly may: boolean;
  readonly onEdit: () => void;
}) {
  const { template, own, state } = entry;
  const { settings, shown, disputed } = usePractice();
  const { save, error, busy } = usePracticeSave();
  const context = useSettingContext();
  const toaster = useToaster();
  const [fault, setFault] = useState<BridgeError | null>(null);
  const [trying, setTrying] = useState(false);
  const withdraw = (withdrawn: boolean) => {
    if (!own) return;
    const { author, practice, recorded } = context();
    void save([templateEdit('amend', { ...own, withdrawn }, { by: author.name, practice, on: recorded })]);
  };
  const show = () =>
    void save(
      settings.hidden
        .filter(({ key }) => key === template.key)
        .flatMap(({ id }) => {
          const before = shown(`Basic/${id}`);
          return before ? [noLongerInForce(resourceOf<Basic>(before), context())] : [];
        }),
    );
  const exportIt = async () => {
    const text = `${JSON.stringify(template, null, 2)}\n`;
    const answer = await host().call('template.export', { label: template.label, text });
    setFault(answer.ok ? null : answer.error);
    if (answer.ok && answer.value) toaster.tell(`Saved as ${answer.value.fileName}`);
  };
  return (
    <section className="stack" aria-label={template.label}>
      <header className="templates-head">
        <h2>{template.label}</h2>
        {state === 'offered' ? null : <Tag tone="amber">{state}: not offered</Tag>}
      </header>
      <p className="quiet">
        {own === null
          ? `Built in, version ${template.version}. It cannot be changed; a copy can.`
          : `Of this practice, version ${template.version}, saved by ${own.savedBy ?? 'somebody'} ${own.savedOn ? displayDateTime(own.savedOn) : ''}.`}
        {template.ages === undefined ? '' : ` For ages ${agesWords(template.ages)}.`}
      </p>
      <div className="row">
        {may ? (
          <Button tone="primary" onClick={onEdit}>
            {own === null ? 'Copy and change' : 'Change'}
          </Button>
        ) : null}
        <Button
          onClick={() => {
            setTrying(true);
          }}
        >
          Try out
        </Button>
        <Button onClick={() => void exportIt()}>Export to a file</Button>
        {may && own !== null ? (
          <Button
            disabled={busy}
            onClick={() => {
              withdraw(!own.withdrawn);
            }}
          >
            {own.withdrawn ? 'Offer it again' : 'Withdraw'}
          </Button>
        ) : null}
        {may && own === null && state === 'offered' ? (
          <Button disabled={busy} onClick={() => void save([hideTemplate(newId(), template.key, context())])}>
            Hide
          </Button>
        ) : null}
        {may && state === 'hidden' ? (
          <Button disabled={busy} onClick={show}>
            Show it again
          </Button>
        ) : null}
      </div>
      {disputed.has(template.key) ? (
        <Notice tone="amber">
          Changed in two places. Both versions are kept; the sync centre (F9) asks which stands.
        </Notice>
      ) : null}
      <ErrorNotice error={error ?? fault} />
      <SwitchLine key={template.key} target={`template:${template.key}`} name={template.label} may={may} />
      <TemplateOutline template={template} />
      {trying ? (
        <TryOut
          template={template}
          onClose={() => {
            setTrying(false);
          }}
        />
      ) : null}
    </section>
  );
}

function agesWords({ from, to }: { readonly from?: number; readonly to?: number }): string {
  if (from === undefined) return `up to ${to ?? ''}`;
  return to === undefined ? `from ${from}` : `${from} to ${to}`;
}
