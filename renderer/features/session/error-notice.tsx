import type { BridgeError } from '../../../contract/channels/channel.ts';
import type { SessionState } from '../../../contract/channels/session.ts';
import { Notice } from '../../ui/index.ts';

const LOST_WORDS: Readonly<Record<BridgeError['lost'], string>> = {
  nothing: 'Nothing was lost.',
  'not-saved': 'It was not saved; your text is still here.',
  unknown: 'Whether it was saved is not known.',
};

/** What happened, whether anything was lost, what to do now. */
export function ErrorWords({ error }: { readonly error: BridgeError }) {
  return (
    <>
      <strong>{error.message}</strong> {LOST_WORDS[error.lost]} {error.remedy}
    </>
  );
}

export function ErrorNotice({ error }: { readonly error: BridgeError | null | undefined }) {
  if (!error) return null;
  return (
    <Notice tone="danger" role="alert">
      <ErrorWords error={error} />
    </Notice>
  );
}

/** Bags that stay closed: said on every screen from which a person opens one. */
export function Unopened({ state }: { readonly state: SessionState }) {
  return state.unopened?.map((error, index) => <ErrorNotice key={`${error.code} ${index}`} error={error} />);
}
