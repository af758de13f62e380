import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { app, dialog } from 'electron';
import type { BrowserWindow } from 'electron';
import type { BridgeError } from '../../contract/channels/channel.ts';
import type { Handlers } from '../../contract/ipc.ts';
import { failure, success } from '../../domain/result.ts';
import type { OpenBag } from '../services/session/open-bag.ts';
import { writeAtomically } from '../services/storage/atomic-file.ts';
import { nodeFiles } from '../services/storage/node-files.ts';
import { noBag } from '../services/sync/no-bag.ts';

export interface WorkExchangeOptions {
  readonly bag: () => OpenBag | null;
  readonly window: () => BrowserWindow | undefined;
  /** Work came in: it can be sent now. */
  readonly taken: () => void;
}

const ending = 'gladstone-work';
/** A file of work is small; something larger is something else. */
const largestImport = 512_000_000;

const notWritten: BridgeError = {
  code: 'export-not-written',
  message: 'The file could not be written there.',
  lost: 'nothing',
  remedy: 'Everything is still on this computer. Choose another place, for example another disk.',
};
const notRead: BridgeError = {
  code: 'import-not-read',
  message: 'This file could not be read.',
  lost: 'nothing',
  remedy: 'Nothing was changed. Check that the file is whole and try again.',
};

/** Unsent work out to a sealed file that a person chooses, and in again. The name of the file names nobody. */
export function workExchange(options: WorkExchangeOptions): Pick<Handlers, 'sync.export' | 'sync.import'> {
  return {
    'sync.export': async () => {
      const bag = options.bag();
      const window = options.window();
      if (bag === null || window === undefined) return failure(noBag);
      const fileName = `unsent-work-${new Date().toISOString().slice(0, 10)}.${ending}`;
      const chosen = await dialog.showSaveDialog(window, {
        title: 'Save unsent work, sealed',
        defaultPath: join(app.getPath('documents'), fileName),
        filters: [{ name: 'Gladstone work', extensions: [ending] }],
      });
      if (chosen.canceled) return success(null);
      const { bytes, operations, drafts } = await bag.exportWork();
      try {
        await writeAtomically(nodeFiles, chosen.filePath, bytes);
      } catch {
        return failure(notWritten);
      }
      await bag.audit.record(bag.user, {
        action: 'export',
        detail: `${operations} operations, ${drafts} drafts`,
      });
      return success({ fileName: chosen.filePath.split(/[/\\]/).at(-1) ?? fileName, operations, drafts });
    },
    'sync.import': async () => {
      const bag = options.bag();
      const window = options.window();
      if (bag === null || window === undefined) return failure(noBag);
      const chosen = await dialog.showOpenDialog(window, {
        title: 'Take in unsent work',
        properties: ['openFile'],
        filters: [{ name: 'Gladstone work', extensions: [ending] }],
      });
      const [path] = chosen.filePaths;
      if (chosen.canceled || path === undefined) return success(null);
      let bytes: Uint8Array;
      try {
        if ((await stat(path)).size > largestImport) return failure(notRead);
        bytes = await readFile(path);
      } catch {
        return failure(notRead);
      }
      const taken = await bag.importWork(bytes);
      if (taken.ok) options.taken();
      return taken;
    },
  };
}
