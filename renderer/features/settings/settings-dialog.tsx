import { useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import type { About, Settings } from '../../../contract/channels/workspace.ts';
import type { BridgeError } from '../../../contract/channels/channel.ts';
import { host } from '../../host/index.ts';
import { ErrorNotice } from '../session/index.ts';
import { Button, Dialog, SelectField, Skeleton } from '../../ui/index.ts';
import { showAppearance } from './appearance.tsx';

const THEMES = [
  { value: 'system', label: 'As the computer' },
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
] as const;

const SIZES = [12, 14, 16, 18, 20, 22];
const LOCK_MINUTES = [1, 2, 5, 10, 15, 20, 30, 60];

/** Theme, text size, when it locks, and which build this is. Every choice holds at once. */
export function SettingsDialog({ onClose }: { readonly onClose: () => void }) {
  const navigate = useNavigate();
  const [settings, setSettings] = useState<Settings | null>(null);
  const [about, setAbout] = useState<About | null>(null);
  const [error, setError] = useState<BridgeError | null>(null);
  useEffect(() => {
    void host()
      .call('settings.get')
      .then((answer) => {
        if (answer.ok) setSettings(answer.value);
        else setError(answer.error);
      });
    void host()
      .call('about.get')
      .then((answer) => {
        if (answer.ok) setAbout(answer.value);
      });
  }, []);
  const put = async (change: Partial<Settings>) => {
    const answer = await host().call('settings.put', change);
    if (!answer.ok) {
      setError(answer.error);
      return;
    }
    setSettings(answer.value);
    setError(null);
    showAppearance(
      answer.value.theme,
      answer.value.textSize,
      window.matchMedia('(prefers-color-scheme: dark)').matches,
    );
  };
  return (
    <Dialog
      title="Settings"
      onClose={onClose}
      foot={
        <Button tone="primary" keys="Esc" onClick={onClose}>
          Close
        </Button>
      }
    >
      <ErrorNotice error={error} />
      {settings ? (
        <div className="stack">
          <SelectField
            label="Theme"
            autoFocus
            value={settings.theme}
            choices={THEMES}
            onChange={(event) => {
              const theme = THEMES.find((one) => one.value === event.target.value)?.value;
              if (theme) void put({ theme });
            }}
          />
          <SelectField
            label="Text size"
            value={settings.textSize}
            choices={SIZES.map((size) => ({ value: String(size), label: `${size} pixels` }))}
            onChange={(event) => {
              void put({ textSize: Number(event.target.value) });
            }}
          />
          <SelectField
            label="Locks by itself after"
            hint="Your organisation may ask for less; a warning comes 60 seconds before."
            value={settings.inactivityLockMinutes}
            choices={LOCK_MINUTES.map((minutes) => ({
              value: String(minutes),
              label: `${minutes} min without a key`,
            }))}
            onChange={(event) => {
              void put({ inactivityLockMinutes: Number(event.target.value) });
            }}
          />
          <label className="row">
            <input
              type="checkbox"
              checked={settings.contentProtection}
              onChange={(event) => {
                void put({ contentProtection: event.target.checked });
              }}
            />
            Keep this window out of screenshots and screen sharing
          </label>
          <div className="row">
            <Button
              keys="Alt+Q"
              onClick={() => {
                onClose();
                void navigate({ to: '/templates' });
              }}
            >
              Templates, checks and prescribing system of the practice
            </Button>
          </div>
          {about ? (
            <p className="quiet">
              Gladstone {about.version}, {about.flavour} build, Electron {about.electron}
              {about.testRuntime ? ', test runtime: not for patients' : ''}
            </p>
          ) : null}
        </div>
      ) : (
        <Skeleton label="Reading the settings" lines={4} />
      )}
    </Dialog>
  );
}
