import { useEffect, useState } from 'react';
import type { Draft } from '../../../contract/channels/record.ts';
import { host } from '../../host/index.ts';
import { flushDrafts } from '../saving/index.ts';

/**
 * The drafts of the person at work, with the last words typed: these are kept first. `undefined` while looking, `null`
 * where they could not be read.
 */
export function useOwnDrafts(): readonly Draft[] | null | undefined {
  const [drafts, setDrafts] = useState<readonly Draft[] | null | undefined>(undefined);
  useEffect(() => {
    let stale = false;
    void flushDrafts()
      .then(() => host().call('draft.list'))
      .then((answer) => {
        if (!stale) setDrafts(answer.ok ? answer.value : null);
      });
    return () => {
      stale = true;
    };
  }, []);
  return drafts;
}
