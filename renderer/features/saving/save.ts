import { useCallback } from 'react';
import type { BridgeError } from '../../../contract/channels/channel.ts';
import type { ResourceChange, SaveAnswer } from '../../../contract/channels/record.ts';
import { failure, type Result } from '../../../domain/result.ts';
import { host } from '../../host/index.ts';
import { useToaster } from '../../ui/index.ts';
import { flushDrafts } from './use-draft.ts';
import { patientOnBanner } from '../patient-banner/index.ts';

export interface SaveAsk {
  /** Made once per press of the button and kept over a second press (sync-bugs D1). */
  readonly groupId: string;
  readonly patientId: string;
  readonly changes: readonly ResourceChange[];
  readonly encounterId?: string;
  readonly draftId?: string;
  /** The refused save that this one says anew. */
  readonly replaces?: string;
  /** Whose identity stood on the line that was pressed, on screens about many patients, which have no banner. */
  readonly shownPatientId?: string | null;
}

/** One clinical save, refused unless the banner on the screen shows the patient whom it is about (I14). */
export function useSave(): (ask: SaveAsk) => Promise<Result<SaveAnswer, BridgeError>> {
  const { hush } = useToaster();
  return useCallback(
    async ({ shownPatientId, ...ask }) => {
      hush();
      const shown = shownPatientId === undefined ? patientOnBanner() : shownPatientId;
      if (shown !== ask.patientId) return failure(wrongPatient);
      // The last keystrokes belong to the draft that ends here: a consultation that is taken back has them all.
      if (ask.draftId !== undefined) await flushDrafts();
      return host().call('record.save', { ...ask, changes: [...ask.changes], bannerPatientId: shown });
    },
    [hush],
  );
}

const wrongPatient: BridgeError = {
  code: 'wrong-patient',
  message: 'Not saved: the patient on the screen is not the patient of this entry.',
  lost: 'not-saved',
  remedy: 'Your text is kept as a draft. Open the right patient and check whose entry it is.',
};
