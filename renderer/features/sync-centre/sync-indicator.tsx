import { useNow } from '../../ui/index.ts';
import { noticeCount, statusWords } from './status-words.ts';
import { useSyncStatus } from '../sync-status/index.ts';
import './sync-centre.css';

/** The quiet line in the title bar of every screen. */
export function SyncIndicator({ onOpen }: { readonly onOpen: () => void }) {
  const status = useSyncStatus();
  const now = useNow();
  if (!status) return <span className="sync-indicator">○ …</span>;
  const said = statusWords(status, now);
  const notices = noticeCount(status);
  return (
    <button
      type="button"
      className="sync-indicator"
      data-tone={said.tone}
      onClick={onOpen}
      title={said.sentence}
    >
      <span aria-hidden="true">{said.mark}</span>{' '}
      <span className="sync-words" aria-live="polite">
        {said.words}
      </span>
      {status.attention > 0 ? (
        <span className="sync-attention" title={`${status.attention} to decide`}>
          ⚠ {status.attention}
          <span className="sync-attention-words"> to decide</span>
        </span>
      ) : null}
      {notices > 0 ? (
        <span className="sync-attention">
          ⚠ {notices} {notices === 1 ? 'notice' : 'notices'}
        </span>
      ) : null}
      {status.serviceDurable ? null : <span className="sync-demonstration">demonstration service</span>}
    </button>
  );
}
