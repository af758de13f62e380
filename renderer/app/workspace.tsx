import { Outlet, useNavigate, useParams } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { host } from '../host/index.ts';
import { ArrivedProvider } from '../features/arrived/index.ts';
import { Help } from '../features/help/index.ts';
import { Palette } from '../features/palette/index.ts';
import { flushDrafts } from '../features/saving/index.ts';
import { askSession, useSignedInUser } from '../features/session/index.ts';
import { SettingsDialog } from '../features/settings/index.ts';
import { useVisitWalk, VisitKeys, VisitStepsProvider } from '../features/surgery/index.ts';
import { UnsentAlarms } from '../features/unsent/index.ts';
import { useCommand } from '../ui/commands/index.ts';
import { useToaster } from '../ui/index.ts';
import { ErrorBoundary } from './error-boundary.tsx';
import { TitleBar } from './title-bar.tsx';
import './shell.css';

/** The one window: title bar, and the place that the route names. */
export function Workspace() {
  return (
    <VisitStepsProvider>
      <ArrivedProvider>
        <OneWindow />
      </ArrivedProvider>
    </VisitStepsProvider>
  );
}

function OneWindow() {
  const navigate = useNavigate();
  const toaster = useToaster();
  const { patientId } = useParams({ strict: false });
  const [palette, setPalette] = useState(false);
  const [help, setHelp] = useState<'shortcuts' | 'tour' | null>(null);
  const [settings, setSettings] = useState(false);
  const { next, present, leave } = useVisitWalk(patientId ?? null);
  const user = useSignedInUser();

  const openRecord = (id: string) => {
    void navigate({
      to: '/record/$patientId',
      params: { patientId: id },
      search: { tab: 'summary', pane: 'none' },
    });
  };
  /** Never steals unsaved words: what cannot be kept stays on the screen. */
  const whenKept = async (go: () => Promise<void> | void) => {
    if (await flushDrafts()) await go();
    else toaster.warn('What you typed could not be kept yet: this record stays open until it is.');
  };
  const lock = async () => {
    await flushDrafts();
    const error = await askSession('session.lock');
    if (error) toaster.warn(error.message);
  };
  useEffect(() =>
    host().on('workspace.command', ({ command }) => {
      if (command === 'palette') setPalette(true);
      else if (command === 'help') setHelp('shortcuts');
      else if (command === 'sync-centre') void navigate({ to: '/sync' });
      else void lock();
    }),
  );
  useEffect(() => {
    void host()
      .call('settings.get')
      .then((answer) => {
        if (answer.ok && !answer.value.tourSeen) setHelp('tour');
      });
  }, [user.userId]);

  useCommand({
    id: 'go.palette',
    title: 'Find a patient or an action',
    keys: 'Ctrl+K',
    group: 'Everywhere',
    run: () => {
      setPalette(true);
    },
  });
  useCommand({
    id: 'session.lock',
    title: 'Lock now',
    keys: 'Ctrl+L',
    group: 'Everywhere',
    run: () => void lock(),
  });
  useCommand({
    id: 'go.help',
    title: 'Shortcuts and help',
    keys: 'F1',
    group: 'Everywhere',
    run: () => {
      setHelp('shortcuts');
    },
  });
  useCommand({
    id: 'go.surgery',
    title: 'Surgery',
    keys: 'Alt+S',
    group: 'Everywhere',
    run: () => void navigate({ to: '/' }),
  });
  useCommand({
    id: 'go.round',
    title: 'Before a round: who is visited, and whether the bag is ready',
    keys: 'F3',
    group: 'Everywhere',
    run: () => void navigate({ to: '/round' }),
  });
  useCommand({
    id: 'go.tasks',
    title: 'Tasks and notes',
    keys: 'Alt+K',
    group: 'Everywhere',
    run: () => void navigate({ to: '/tasks' }),
  });
  useCommand({
    id: 'go.sync',
    title: 'Sync centre',
    keys: 'F9',
    group: 'Everywhere',
    run: () => void navigate({ to: '/sync' }),
  });
  useCommand({
    id: 'go.templates',
    title: 'Templates, checks and prescribing system of the practice',
    keys: 'Alt+Q',
    group: 'Everywhere',
    run: () => void navigate({ to: '/templates' }),
  });
  useCommand({
    id: 'go.settings',
    title: 'Settings: theme, text size, lock',
    keys: 'Alt+G',
    group: 'Everywhere',
    run: () => {
      setSettings(true);
    },
  });
  useCommand({
    id: 'go.task-about',
    title: 'Add a task or note: in the record of its patient',
    keys: 'F8',
    group: 'Everywhere',
    enabled: patientId === undefined,
    run: () => {
      toaster.tell('A task is about a patient: open one with Ctrl+K, then F8.');
    },
  });
  useCommand({
    id: 'go.register',
    title: 'Register a patient',
    keys: 'Alt+R',
    group: 'Everywhere',
    run: () => void navigate({ to: '/registration' }),
  });
  useCommand({
    id: 'surgery.next',
    title: 'Finish this visit and open the next patient',
    keys: 'F2',
    group: 'Everywhere',
    enabled: next !== undefined || present !== undefined,
    run: () => {
      void whenKept(async () => {
        await leave();
        if (next) openRecord(next.appointment.patientId);
        else void navigate({ to: '/' });
      });
    },
  });
  return (
    <div className="shell">
      <TitleBar
        next={next}
        present={present}
        recordOpen={patientId !== undefined}
        onFind={() => {
          setPalette(true);
        }}
        onHelp={() => {
          setHelp('shortcuts');
        }}
        onLock={() => void lock()}
      />
      {present ? <VisitKeys line={present} /> : null}
      <UnsentAlarms openPatientId={patientId ?? null} />
      <main className="shell-main">
        <ErrorBoundary where="page">
          <Outlet />
        </ErrorBoundary>
      </main>
      {palette ? (
        <Palette
          openPatientId={patientId ?? null}
          onPatient={(id) =>
            void whenKept(() => {
              openRecord(id);
            })
          }
          onEntry={(key) => {
            document.getElementById(`entry-${key}`)?.scrollIntoView({ block: 'center' });
            if (patientId !== undefined)
              void navigate({
                to: '/record/$patientId',
                params: { patientId },
                search: (search) => ({ tab: 'find', pane: search.pane ?? 'none' }),
              });
          }}
          onClose={() => {
            setPalette(false);
          }}
        />
      ) : null}
      {settings ? (
        <SettingsDialog
          onClose={() => {
            setSettings(false);
          }}
        />
      ) : null}
      {help ? (
        <Help
          show={help}
          onClose={() => {
            setHelp(null);
          }}
        />
      ) : null}
    </div>
  );
}
