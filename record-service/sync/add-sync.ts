import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import type { Identity } from '../identity/identity.ts';
import type { Metrics } from '../operations/metrics.ts';
import { describeError } from '../operations/safe-log.ts';
import { demoOrganisation } from '../seed/demo-practice.ts';
import type { RecordStore } from '../store/record-store.ts';
import { validate } from '../validation/validate.ts';
import type { CombinedSafetyRules } from './combined-safety-port.ts';
import { defaultDevicePolicy, type DevicePolicy } from './devices.ts';
import { noFailpoint, type Failpoint } from './failpoint.ts';
import { loadSafetyRules } from './safety-rules.ts';
import { startScopeJob } from './scope-job.ts';
import { registerSync } from './sync-routes.ts';

/** What an installation or a test may set of sync. */
export interface SyncSettings {
  readonly policy?: Partial<DevicePolicy>;
  /** Milliseconds between two looks at who came into and left the booked days. */
  readonly scopeInterval?: number;
  /** Tests only: ends the work at a named place as a crash would. */
  readonly failpoint?: Failpoint;
  /** Tests only. */
  readonly now?: () => Date;
  /** Tests only: the rules of domain/clinical without it. */
  readonly safetyRules?: CombinedSafetyRules;
}

interface SyncParts {
  readonly store: RecordStore;
  readonly identity: Identity;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly rateLimit: (user: string) => number;
  readonly config: { readonly dataFolder: string; readonly version?: string; readonly sync?: SyncSettings };
}

/** Adds the sync endpoints to the service. */
export async function addSync(app: FastifyInstance, parts: SyncParts): Promise<void> {
  const { config } = parts;
  const settings = config.sync ?? {};
  const policy = { ...defaultDevicePolicy, ...settings.policy };
  const now = settings.now ?? (() => new Date());
  await registerSync(app, {
    store: parts.store,
    identity: parts.identity,
    rateLimit: parts.rateLimit,
    escrowFolder: join(config.dataFolder, 'escrow'),
    policy,
    organisationName: (organisation) =>
      organisation === demoOrganisation.odsCode ? demoOrganisation.name : organisation,
    version: config.version ?? '0.1.0',
    safetyRules: settings.safetyRules ?? loadSafetyRules(),
    validate: (resource) =>
      validate(resource).errors.map((issue) => issue.details?.text ?? issue.diagnostics ?? issue.code),
    failpoint: settings.failpoint ?? noFailpoint,
    countRefusal: (code) => {
      parts.metrics.count('gladstone_sync_refusals_total', 'Sync requests refused, by code.', { code });
    },
    logCause: (error) => {
      parts.logger.error({ error: describeError(error) }, 'a sync request failed');
    },
    now,
  });
  if (policy.offlineScope !== 'booked') return;
  const job = startScopeJob({
    store: parts.store,
    bookedDays: policy.bookedDays,
    interval: settings.scopeInterval ?? 60_000,
    now,
    onError: (error) => {
      parts.logger.error({ error: describeError(error) }, 'who is in scope could not be brought up to date');
    },
  });
  app.addHook('onClose', () => job.stop());
}
