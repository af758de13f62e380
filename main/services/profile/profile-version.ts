import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { failure, success } from '../../../domain/result.ts';
import type { Result } from '../../../domain/result.ts';

/** Raised whenever an older build could misread what a newer one writes. */
const profileVersion = 1;

/** A profile written by a newer build: nothing in it was touched. */
export interface NewerProfile {
  readonly code: 'newer-profile';
  readonly writtenBy: string;
}

/**
 * Refuses a profile that a newer build wrote, and marks the profile with this build. The mark only rises.
 */
export function claimProfile(folder: string, buildVersion: string): Result<'new' | 'known', NewerProfile> {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'profile.json');
  if (existsSync(file)) {
    const text = readFileSync(file, 'utf8');
    let known: { profileVersion?: unknown; writtenBy?: unknown } = {};
    try {
      known = JSON.parse(text) as typeof known;
    } catch {
      known = {};
    }
    if (typeof known.profileVersion === 'number' && known.profileVersion > profileVersion) {
      return failure({
        code: 'newer-profile',
        writtenBy: typeof known.writtenBy === 'string' ? known.writtenBy : 'a newer version',
      });
    }
    if (known.profileVersion === profileVersion && known.writtenBy === buildVersion) return success('known');
  }
  writeFileSync(`${file}.part`, `${JSON.stringify({ profileVersion, writtenBy: buildVersion })}\n`);
  renameSync(`${file}.part`, file);
  return success('new');
}
