import { createMemoryHistory, createRootRoute, createRoute, createRouter } from '@tanstack/react-router';
import type { RecordTab } from '../features/record/index.ts';
import { RECORD_TABS } from '../features/record/index.ts';
import { RecordPage } from './record-page.tsx';
import { Workspace } from './workspace.tsx';
import { RegistrationPage, RoundPage, SurgeryPage, SyncPage, TasksPage, TemplatesPage } from './pages.tsx';

/** Where the right-hand pane stands. */
export type Pane = 'none' | 'consultation' | 'observations';

export interface RecordSearch {
  readonly tab: RecordTab;
  readonly pane: Pane;
  /** The Encounter of the consultation that is being written here. */
  readonly note?: string;
}

const rootRoute = createRootRoute({ component: Workspace });
const surgeryRoute = createRoute({ getParentRoute: () => rootRoute, path: '/', component: SurgeryPage });
const roundRoute = createRoute({ getParentRoute: () => rootRoute, path: '/round', component: RoundPage });
const tasksRoute = createRoute({ getParentRoute: () => rootRoute, path: '/tasks', component: TasksPage });
const syncRoute = createRoute({ getParentRoute: () => rootRoute, path: '/sync', component: SyncPage });
const templatesRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/templates',
  component: TemplatesPage,
});
const registrationRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/registration',
  component: RegistrationPage,
});
/** Ids only: no address of this window names a person. */
const recordRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/record/$patientId',
  component: RecordPage,
  validateSearch: (search: Record<string, unknown>): RecordSearch => ({
    tab: RECORD_TABS.find((tab) => tab === search['tab']) ?? 'summary',
    pane: (['consultation', 'observations'] as const).find((pane) => pane === search['pane']) ?? 'none',
    ...(typeof search['note'] === 'string' ? { note: search['note'] } : {}),
  }),
});

const routeTree = rootRoute.addChildren([
  surgeryRoute,
  roundRoute,
  tasksRoute,
  syncRoute,
  templatesRoute,
  registrationRoute,
  recordRoute,
]);

/** A router that starts where the person was. Memory only: nothing of it is written anywhere. */
export function workspaceRouter(startAt: string) {
  return createRouter({ routeTree, history: createMemoryHistory({ initialEntries: [startAt] }) });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof workspaceRouter>;
  }
}
