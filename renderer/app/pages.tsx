import { useNavigate } from '@tanstack/react-router';
import { RegistrationScreen } from '../features/registration/index.ts';
import { RoundScreen } from '../features/round/index.ts';
import { SurgeryScreen } from '../features/surgery/index.ts';
import { SyncScreen } from '../features/sync-centre/index.ts';
import { TemplatesScreen } from '../features/templates/index.ts';
import { TasksScreen } from '../features/tasks/index.ts';

function useOpenRecord(): (patientId: string, pane?: 'none' | 'consultation' | 'observations') => void {
  const navigate = useNavigate();
  return (patientId, pane = 'none') => {
    void navigate({
      to: '/record/$patientId',
      params: { patientId },
      search: { tab: 'summary', pane },
    });
  };
}

export function SurgeryPage() {
  const navigate = useNavigate();
  return <SurgeryScreen onOpen={useOpenRecord()} onRound={() => void navigate({ to: '/round' })} />;
}

export function RoundPage() {
  return <RoundScreen onOpen={useOpenRecord()} />;
}

export function TasksPage() {
  return <TasksScreen onOpen={useOpenRecord()} />;
}

export function SyncPage() {
  const open = useOpenRecord();
  return <SyncScreen onOpen={open} onDraft={open} />;
}

export function RegistrationPage() {
  return <RegistrationScreen onOpen={useOpenRecord()} />;
}

export function TemplatesPage() {
  return <TemplatesScreen />;
}
