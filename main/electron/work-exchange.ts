import type { BrowserWindow } from 'electron';
import type { Handlers } from '../../contract/ipc.ts';
import { failure } from '../../domain/result.ts';
import type { OpenBag } from '../services/session/open-bag.ts';
import { noBag } from '../services/sync/no-bag.ts';

export interface WorkExchangeOptions {
  readonly bag: () => OpenBag | null;
  readonly window: () => BrowserWindow | undefined;
  /** Work came in: it can be sent now. */
  readonly taken: () => void;
}

export function workExchange(_options: WorkExchangeOptions): Pick<Handlers, 'sync.export' | 'sync.import'> {
  return { 'sync.export': () => failure(noBag), 'sync.import': () => failure(noBag) };
}
