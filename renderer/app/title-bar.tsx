import { Link, useNavigate } from '@tanstack/react-router';
import type { AgendaLine } from '../cache/index.ts';
import { ArrivedCount } from '../features/arrived/index.ts';
import { useBagQuery } from '../features/bag/index.ts';
import { ROLE_WORDS, useSession, useSignedInUser } from '../features/session/index.ts';
import { nextName, nextWords, PresentVisit, useListIsHere } from '../features/surgery/index.ts';
import { SyncIndicator } from '../features/sync-centre/index.ts';

/** Who acts, in which role, for which organisation, and the state of sync: on every screen (clinical.md, Governance). */
export function TitleBar({
  next,
  present,
  recordOpen,
  onFind,
  onHelp,
  onLock,
}: {
  readonly next: AgendaLine | undefined;
  /** Today's visit of the open record. */
  readonly present: AgendaLine | undefined;
  readonly recordOpen: boolean;
  readonly onFind: () => void;
  readonly onHelp: () => void;
  readonly onLock: () => void;
}) {
  const user = useSignedInUser();
  const navigate = useNavigate();
  const listIsHere = useListIsHere();
  return (
    <div className="title-bar" role="banner">
      <strong className="title-name">Gladstone</strong>
      <span className="title-who">
        <span className="title-organisation" title={user.organisationName}>
          {user.organisationName}
        </span>
        <span>
          <strong>{user.name}</strong>, {ROLE_WORDS[user.role]}
        </span>
      </span>
      <LeaseWarning />
      <nav className="title-nav" aria-label="Places">
        <Link to="/" title="Alt+S">
          Surgery
        </Link>
        <Link to="/tasks" title="Alt+K">
          Tasks <TaskCounts owner={`Practitioner/${user.practitionerId}`} />
        </Link>
      </nav>
      {present ? <PresentVisit line={present} /> : <span className="title-visit" />}
      <span className="title-next" title={recordOpen ? undefined : nextName(next)}>
        {nextWords(next, listIsHere)} <kbd>F2</kbd>
      </span>
      <SyncIndicator onOpen={() => void navigate({ to: '/sync' })} />
      <button type="button" className="title-button" onClick={onFind}>
        Find <kbd>Ctrl+K</kbd>
      </button>
      <button type="button" className="title-button" onClick={onHelp}>
        Help <kbd>F1</kbd>
      </button>
      <button type="button" className="title-button" onClick={onLock}>
        Lock <kbd>Ctrl+L</kbd>
      </button>
    </div>
  );
}

/**
 * How many tasks are open for this person, and what met while they were away: on every screen, not only on the list of
 * tasks (I16: both authors are told, also the one whose work had arrived long before).
 */
function TaskCounts({ owner }: { readonly owner: string }) {
  const { value } = useBagQuery(
    `open tasks ${owner}`,
    (bag) => bag.tasks({ open: true, owners: [owner] }),
    (notice) => notice.kind !== 'state',
  );
  const open = value?.length ?? 0;
  const safety = (value ?? []).filter(({ task }) => task.kind === 'safety').length;
  return (
    <>
      {open === 0 ? null : (
        <span title={`${open} open for you`}>
          {open}
          <span className="spoken"> open</span>{' '}
        </span>
      )}
      <ArrivedCount /> {safety === 0 ? null : <span className="sync-attention">⚠ {safety} safety</span>}
    </>
  );
}

/** At 48, 24 and 4 hours main says so; the last one is loud, because the bag closes within the working day. */
function LeaseWarning() {
  const { state } = useSession();
  const lease = state?.lease;
  if (!lease || (lease.warning === undefined && !lease.expired)) return null;
  const hours = Math.max(1, Math.floor(lease.hoursLeft));
  return (
    <span
      className="title-lease"
      data-loud={lease.expired || lease.warning === 4 ? true : undefined}
      role={lease.expired || lease.warning === 4 ? 'alert' : 'status'}
    >
      <span aria-hidden="true">◆</span>{' '}
      {lease.expired
        ? 'Lease ended: sign in online'
        : lease.warning === 48
          ? `Opens offline for ${hours} h more`
          : lease.warning === 24
            ? `Opens offline for ${hours} h more: sign in online today`
            : `Opens offline for ${hours} h more: sign in online now`}
    </span>
  );
}
