import { useState } from 'react';
import { useBagQuery } from '../bag/index.ts';
import { host } from '../../host/index.ts';
import { Button, Dialog } from '../../ui/index.ts';
import { useCommands } from '../../ui/commands/index.ts';
import { IN_THE_BOXES, TOUR, WORKS_OFFLINE } from './words.ts';
import './help.css';

/** Shortcuts of this place (printable), what works offline, and the first-run tour. */
export function Help({
  show,
  onClose,
}: {
  readonly show: 'shortcuts' | 'tour';
  readonly onClose: () => void;
}) {
  const [part, setPart] = useState(show);
  const close = () => {
    if (part === 'tour') void host().call('settings.put', { tourSeen: true });
    onClose();
  };
  return (
    <Dialog
      title={part === 'tour' ? 'Welcome to Gladstone' : 'Shortcuts and help'}
      size="wide"
      printable="plain"
      onClose={close}
      foot={
        <>
          {part === 'tour' ? (
            <Button
              onClick={() => {
                setPart('shortcuts');
              }}
            >
              All shortcuts
            </Button>
          ) : (
            <>
              <Button
                onClick={() => {
                  setPart('tour');
                }}
              >
                The tour
              </Button>
              <Button onClick={() => void host().call('print.page', { landscape: false })}>Print</Button>
            </>
          )}
          <Button tone="primary" autoFocus onClick={close} keys="Esc">
            {part === 'tour' ? 'Begin' : 'Close'}
          </Button>
        </>
      }
    >
      {part === 'tour' ? <Tour /> : <Shortcuts />}
    </Dialog>
  );
}

function Tour() {
  return (
    <ol className="tour">
      {TOUR.map((step) => (
        <li key={step.title}>
          <strong>{step.title}.</strong> {step.words}
        </li>
      ))}
    </ol>
  );
}

function Shortcuts() {
  const commands = useCommands().filter((command) => command.keys !== undefined);
  const groups = [...new Set(commands.map((command) => command.group))];
  return (
    <div className="shortcuts">
      {groups.map((group) => (
        <section key={group}>
          <h3>{group}</h3>
          <dl>
            {commands
              .filter((command) => command.group === group)
              .map((command) => (
                <Shortcut key={command.id} keys={command.keys ?? ''} words={command.title} />
              ))}
          </dl>
        </section>
      ))}
      {IN_THE_BOXES.map((group) => (
        <section key={group.title}>
          <h3>{group.title}</h3>
          <dl>
            {group.lines.map(([keys, words]) => (
              <Shortcut key={keys} keys={keys} words={words} />
            ))}
          </dl>
        </section>
      ))}
      <section>
        <h3>Without a network</h3>
        <ul>
          {WORKS_OFFLINE.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      </section>
      <Codes />
    </div>
  );
}

/** Which terminology this computer runs on, with what must be said of it. */
function Codes() {
  const { value } = useBagQuery(
    'state',
    (bag) => bag.state(),
    ({ kind }) => kind === 'state',
  );
  if (!value) return null;
  const { terminology } = value;
  return (
    <section>
      <h3>Codes</h3>
      {terminology === null ? (
        <p>No terminology is here: what is written stays free text.</p>
      ) : (
        <>
          <p>
            <strong>{terminology.release.name}</strong>, release {terminology.release.release}.{' '}
            {terminology.release.limits}
          </p>
          <p className="quiet">{terminology.release.attribution}</p>
        </>
      )}
    </section>
  );
}

function Shortcut({ keys, words }: { readonly keys: string; readonly words: string }) {
  return (
    <div className="shortcut">
      <dt>
        <kbd>{keys}</kbd>
      </dt>
      <dd>{words}</dd>
    </div>
  );
}
