import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { app, net, session as browserSession } from 'electron';
import type { BrowserWindow } from 'electron';
import type { EventName, EventOf, Handlers } from '../../contract/ipc.ts';
import { failure, success } from '../../domain/result.ts';
import { formatCivilDate } from '../../domain/fhir/civil-date.ts';
import { localTimeOf } from '../../domain/fhir/local-time.ts';
import { systemClock } from '../services/clock.ts';
import { giveBackMemory } from '../services/give-back.ts';
import { keepHouse } from '../services/housekeeping.ts';
import type { Log } from '../services/log/log.ts';
import { journalNotices, lostWorkNotice } from '../services/journal-notices.ts';
import { RecentPatients } from '../services/recent-patients.ts';
import { lookedAt, noteLooked } from '../services/save/looked-at.ts';
import { SaveService } from '../services/save/save-service.ts';
import { UnsentAlarmKeeper } from '../services/save/unsent-alarm-keeper.ts';
import { uuidV7 } from '../services/save/uuid-v7.ts';
import { lastWords } from '../services/session/last-words.ts';
import type { OpenBag } from '../services/session/open-bag.ts';
import { SessionService } from '../services/session/session-service.ts';
import { freeBytes, nodeFiles } from '../services/storage/node-files.ts';
import { roomWords, StorageWatch } from '../services/storage/storage-watch.ts';
import { SyncEngine } from '../services/sync/engine.ts';
import { noteTopics } from '../services/sync/outbox-view.ts';
import type { CachePort } from '../services/sync/ports.ts';
import { idleSyncStatus, noBag } from '../services/sync/no-bag.ts';
import { CacheChannel } from './cache-channel.ts';
import { systemKeystore } from './keystore.ts';
import { buildVersion } from './runtime.ts';
import type { SettingsStore } from './settings-store.ts';
import { showSignInWith } from './sign-in-window.ts';
import { templateFiles } from './template-files.ts';
import { workExchange } from './work-exchange.ts';

export interface DeskOptions {
  readonly profile: string;
  readonly log: Log;
  readonly settings: SettingsStore;
  readonly tell: <Name extends EventName>(name: Name, event: EventOf<Name>) => void;
  readonly window: () => BrowserWindow | undefined;
}

export type DeskChannel = Exclude<
  keyof Handlers,
  | 'about.get'
  | 'settings.get'
  | 'settings.put'
  | 'place.put'
  | 'place.get'
  | 'print.page'
  | 'crash.report'
  | 'cache.connect'
>;

const compress = promisify(gzip);

/**
 * Session, journal, sync and cache put together: one engine for the open bag, one port for its cache worker. It
 * decides nothing; it passes on who opened what.
 */
export class Desk {
  readonly #options: DeskOptions;
  readonly #session: SessionService;
  readonly #save: SaveService;
  readonly #recent = new RecentPatients();
  #engine: SyncEngine | null = null;
  #alarms: UnsentAlarmKeeper | null = null;
  #cache: CacheChannel | null = null;
  readonly #storage: StorageWatch;
  #signInNeeded = false;
  #stopListening: readonly (() => void)[] = [];

  static async open(options: DeskOptions): Promise<Desk> {
    const configured = GLADSTONE_FLAVOUR === 'release' ? undefined : process.env['GLADSTONE_SERVICE'];
    const session = await SessionService.start({
      profile: options.profile,
      files: nodeFiles,
      keystore: systemKeystore,
      clock: systemClock,
      // Chromium's stack knows the proxies and certificates of the house; nothing is kept of what it fetched.
      fetch: (input, init) =>
        net.fetch(input instanceof URL ? input.href : input, {
          ...init,
          credentials: 'omit',
          cache: 'no-store',
        }),
      showSignIn: showSignInWith(() => options.settings.get().signInWith),
      build: buildVersion,
      deviceLabel: hostname().slice(0, 120),
      ...(configured !== undefined && { suggestedService: configured }),
      inactivityLockMinutes: () => options.settings.get().inactivityLockMinutes,
      forgetCopies: () =>
        browserSession.defaultSession.clearStorageData({ storages: ['indexdb', 'filesystem'] }),
    });
    const desk = new Desk(options, session);
    if (configured !== undefined && session.state().phase === 'choose-service') {
      await session.handlers['session.configure']({ serviceUrl: configured });
    }
    return desk;
  }

  private constructor(options: DeskOptions, session: SessionService) {
    this.#options = options;
    this.#session = session;
    this.#storage = new StorageWatch({
      freeBytes: () => freeBytes(options.profile),
      clock: systemClock,
      changed: () => {
        this.#tellRoom();
      },
    });
    this.#storage.start();
    this.#save = new SaveService({
      bag: () => {
        const bag = session.bagAtWork();
        const signer = bag?.signer() ?? null;
        return bag === null || signer === null ? null : { journal: bag.journal, signer };
      },
      wallMs: () => systemClock.wallMs(),
      monotonicMs: () => systemClock.monotonicMs(),
      lastServiceTime: () => this.#engine?.lastServiceTime ?? session.lastServiceTime,
      seen: () => this.#engine?.seen ?? undefined,
      newId: () => uuidV7(systemClock.wallMs()),
      room: () => this.#storage.look(),
    });
    session.listen({
      changed: (state) => {
        options.tell('session.changed', state);
        if (this.#signInNeeded && !state.onlineSignInNeeded) this.nudge();
        this.#signInNeeded = state.onlineSignInNeeded;
      },
      lockWarning: (seconds) => {
        options.tell('session.lock-warning', { seconds });
      },
      bag: async (change) => {
        const { kind, bag } = change;
        options.log.write('info', `bag.${kind}`, { operations: bag.journal.counts().unsentOperations });
        if (kind === 'opened') this.#startEngine(bag);
        if (kind === 'at-work') options.tell('alarm.changed', this.#alarms?.list() ?? []);
        if (change.kind === 'lost-work-taken-in') {
          const { code, message } = lostWorkNotice(change.report);
          this.#engine?.addNotice(code, message);
          this.nudge();
        }
        if (kind === 'locked') {
          this.#endCache();
          options.tell('alarm.changed', []);
        }
        if (kind === 'closed') await this.#stopEngine();
      },
    });
  }

  get handlers(): Pick<Handlers, DeskChannel> {
    const atWork = (): OpenBag | null => this.#session.bagAtWork();
    return {
      ...this.#session.handlers,
      ...this.#save.handlers,
      'audit.record': async ({ action, patientId, detail }) => {
        const bag = atWork();
        if (bag === null) return failure(noBag);
        if (action === 'read' && patientId !== undefined) this.#recent.opened(patientId);
        await bag.audit.record(bag.user, {
          action,
          ...(patientId === undefined ? {} : { patientId }),
          ...(detail === undefined ? {} : { detail }),
        });
        return success(undefined);
      },
      'looked.list': () => {
        const bag = atWork();
        return success(bag === null ? [] : lookedAt(bag.journal, bag.user.userId, systemClock.wallMs()));
      },
      'looked.put': async (looked) => {
        const bag = atWork();
        if (bag === null) return failure(noBag);
        return await noteLooked(bag.journal, bag.user.userId, looked, systemClock.wallMs());
      },
      'sync.status': () => success(this.#engine?.status() ?? idleSyncStatus),
      'sync.now': async () => success((await this.#engine?.now()) ?? idleSyncStatus),
      'sync.pause-loading': ({ paused }) => {
        this.#engine?.pauseLoading(paused);
        return success(this.#engine?.status() ?? idleSyncStatus);
      },
      'sync.attention': () => success(atWork() === null ? [] : [...(this.#engine?.attention() ?? [])]),
      'sync.resolve': async ({ itemId, choice, reason }) => {
        if (this.#engine === null || atWork() === null) return failure(noBag);
        const resolved = await this.#engine.resolve(itemId, choice, reason);
        return resolved.ok ? success([...this.#engine.attention()]) : resolved;
      },
      'sync.undo-resolve': async ({ itemId }) => {
        if (this.#engine === null || atWork() === null) return failure(noBag);
        const undone = await this.#engine.undoResolve(itemId);
        return undone.ok ? success([...this.#engine.attention()]) : undone;
      },
      'alarm.list': () => success(atWork() === null ? [] : (this.#alarms?.list() ?? [])),
      'alarm.acknowledge': async ({ groupId, spokenTo }) => {
        const bag = atWork();
        if (bag === null || this.#alarms === null) return failure(noBag);
        return await this.#alarms.acknowledge(groupId, bag.user, spokenTo);
      },
      'alarm.revoke': async ({ groupId }) => {
        const bag = atWork();
        if (bag === null || this.#alarms === null) return failure(noBag);
        return await this.#alarms.revoke(groupId, bag.user.userId);
      },
      ...templateFiles({ atWork: () => atWork() !== null, window: this.#options.window }),
      ...workExchange({ bag: atWork, window: this.#options.window, taken: () => this.#engine?.nudge() }),
    };
  }

  /** The page is there and asks for its records. */
  async connectCache(): Promise<void> {
    const bag = this.#session.bagAtWork();
    const window = this.#options.window();
    const opening = bag?.cache() ?? null;
    if (bag === null || window === undefined || opening === null) return;
    this.#endCache();
    const channel = new CacheChannel(window);
    this.#cache = channel;
    const key = new Uint8Array(opening.key).buffer;
    const opened = await channel.ask({
      type: 'open',
      organisation: bag.organisation,
      database: opening.database,
      key,
    });
    opening.key.fill(0);
    if (opened.type === 'failed') {
      this.#options.log.write('error', 'cache.not-opened', { code: opened.code });
      const rebuilt = await channel.ask({ type: 'rebuild' });
      if (rebuilt.type === 'failed') return;
      this.#engine?.addNotice(
        'cache-rebuilt',
        'The stored copy of the records could not be opened. It was set aside and is being fetched again. Nothing that was saved is lost.',
      );
    }
    if (opened.type === 'opened' && opened.description.cursor === null && hasBeenFilled(bag)) {
      this.#engine?.addNotice(
        'cache-rebuilt',
        'The stored copy of the records is gone from this computer: it was damaged or deleted. It is fetched again as soon as the record service answers. Nothing that was saved is lost.',
      );
    }
    this.#engine?.attachCache(observing(channel, (name) => bag.nameOrganisation(name)));
    const terminology = await readFile(join(assetsFolder(), 'terminology/snomed.txt')).catch(() => null);
    if (terminology !== null) {
      const packed = await compress(terminology, { level: 1 });
      await channel.ask({ type: 'put-terminology', asset: new Uint8Array(packed).buffer });
    }
  }

  settingsChanged(): void {
    this.#session.settingsChanged();
  }

  /** The system locked its screen. */
  async lock(): Promise<void> {
    await this.#lastWords();
    await this.#session.lock();
  }

  /** The computer goes to sleep: as far as it waits, what was typed last is kept first. */
  async suspend(): Promise<void> {
    await this.#lastWords();
    await this.#session.suspend();
  }

  #lastWords(): Promise<void> {
    const session = this.#session;
    return lastWords({
      state: () => session.state(),
      listen: (changed) => session.listen({ changed, lockWarning: () => undefined, bag: () => undefined }),
      clock: systemClock,
      ask: () => {
        this.#options.tell('workspace.command', { command: 'lock' });
      },
    });
  }

  /** The computer woke up or the network changed: do not wait for the next try. */
  nudge(): void {
    this.#engine?.nudge();
  }

  close(): Promise<void> {
    this.#storage.stop();
    return this.#session.close();
  }

  #startEngine(bag: OpenBag): void {
    const engine = new SyncEngine({
      client: bag.client,
      journal: bag.journal,
      decisions: this.#save,
      keeper: bag.keeper,
      audit: bag.audit,
      clock: systemClock,
      chance: Math.random,
      newId: () => uuidV7(systemClock.wallMs()),
      decidedBy: () => bag.user.userId,
      offlineScope: () => bag.policy.offlineScope,
      isDiskLow: () => this.#storage.room !== 'enough',
      loadedMuch: () => void giveBackMemory(),
      recent: () => this.#recent.ids,
      today: () => formatCivilDate(localTimeOf(systemClock.wallMs()).date),
    });
    this.#engine = engine;
    const alarms = new UnsentAlarmKeeper({
      journal: bag.journal,
      clock: systemClock,
      isConnected: () => engine.status().connection === 'connected',
      changed: (list) => {
        if (this.#session.bagAtWork() !== null) this.#options.tell('alarm.changed', list);
      },
    });
    this.#alarms = alarms;
    this.#stopListening = [
      () => {
        alarms.close();
      },
      engine.listen({
        status: (status) => {
          this.#options.tell('sync.changed', status);
          alarms.refresh();
        },
        attention: (items) => {
          if (this.#session.bagAtWork() !== null) this.#options.tell('sync.attention-changed', [...items]);
        },
      }),
    ];
    this.#stopListening = [
      ...this.#stopListening,
      keepHouse({
        bag,
        clock: systemClock,
        durableThrough: () => engine.durableThrough,
        failed: (what) => {
          this.#options.log.write('warn', 'housekeeping.failed', { kind: what });
        },
      }),
    ];
    for (const { code, message } of journalNotices(bag.report)) engine.addNotice(code, message);
    this.#tellRoom();
    engine.start();
  }

  #tellRoom(): void {
    const words = roomWords(this.#storage.room);
    for (const room of ['low', 'none'] as const) {
      const code = roomWords(room)?.code;
      if (code !== undefined && code !== words?.code) this.#engine?.removeNotice(code);
    }
    if (words === null) this.#engine?.nudge();
    else this.#engine?.addNotice(words.code, words.message);
  }

  async #stopEngine(): Promise<void> {
    this.#endCache();
    for (const stop of this.#stopListening) stop();
    this.#stopListening = [];
    const engine = this.#engine;
    this.#engine = null;
    this.#alarms = null;
    this.#recent.forget();
    await engine?.stop();
  }

  #endCache(): void {
    this.#engine?.detachCache();
    this.#cache?.close();
    this.#cache = null;
  }
}

/** The journal remembers that the cache once agreed with a history: an empty one is no first start then. */
function hasBeenFilled(bag: OpenBag): boolean {
  return bag.journal.notes(noteTopics.manifest).size > 0;
}

function assetsFolder(): string {
  return app.isPackaged ? join(process.resourcesPath, 'assets') : join(app.getAppPath(), 'assets');
}

/** The directory is the first to say what the organisation is called. */
function observing(port: CachePort, named: (name: string) => Promise<void>): CachePort {
  return {
    ask: async (request) => {
      if (request.type === 'put-directory') await named(request.organisationName);
      return port.ask(request);
    },
    onWantedNow: (listener) => port.onWantedNow(listener),
  };
}
