import { readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { app, dialog } from 'electron';
import type { BrowserWindow } from 'electron';
import type { BridgeError } from '../../contract/channels/channel.ts';
import type { Handlers } from '../../contract/ipc.ts';
import { failure, success } from '../../domain/result.ts';
import { writeAtomically } from '../services/storage/atomic-file.ts';
import { nodeFiles } from '../services/storage/node-files.ts';
import { noBag } from '../services/sync/no-bag.ts';

export interface TemplateFilesOptions {
  /** Whether somebody is at work. */
  readonly atWork: () => boolean;
  readonly window: () => BrowserWindow | undefined;
}

/** Bytes; a template is a few thousand, and something larger is something else. */
const LARGEST = 1_000_000;

const notWritten: BridgeError = {
  code: 'template-not-written',
  message: 'The file could not be written there.',
  lost: 'nothing',
  remedy: 'The template is unchanged. Choose another place, for example another disk.',
};
const notRead: BridgeError = {
  code: 'template-not-read',
  message: 'This file could not be read.',
  lost: 'nothing',
  remedy: 'Nothing was changed. Check that it is a template’s file (JSON, under 1 MB) and try again.',
};
const filters = [{ name: 'Consultation template', extensions: ['json'] }];

/** A template out to a file that a person chooses, and in again. No patient data is in it. */
export function templateFiles(
  options: TemplateFilesOptions,
): Pick<Handlers, 'template.export' | 'template.import'> {
  return {
    'template.export': async ({ label, text }) => {
      const window = options.window();
      if (!options.atWork() || window === undefined) return failure(noBag);
      const chosen = await dialog.showSaveDialog(window, {
        title: 'Save the template as a file',
        defaultPath: join(app.getPath('documents'), `${fileNameOf(label)}.json`),
        filters,
      });
      if (chosen.canceled) return success(null);
      try {
        await writeAtomically(nodeFiles, chosen.filePath, new TextEncoder().encode(text));
      } catch {
        return failure(notWritten);
      }
      return success({ fileName: basename(chosen.filePath) });
    },
    'template.import': async () => {
      const window = options.window();
      if (!options.atWork() || window === undefined) return failure(noBag);
      const chosen = await dialog.showOpenDialog(window, {
        title: 'Take in a template',
        properties: ['openFile'],
        filters,
      });
      const [path] = chosen.filePaths;
      if (chosen.canceled || path === undefined) return success(null);
      try {
        if ((await stat(path)).size > LARGEST) return failure(notRead);
        return success({ fileName: basename(path), text: await readFile(path, 'utf8') });
      } catch {
        return failure(notRead);
      }
    },
  };
}

function fileNameOf(label: string): string {
  const name = label
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
  return name === '' ? 'template' : name;
}
