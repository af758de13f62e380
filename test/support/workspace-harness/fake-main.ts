/**
 * Plays main for the real page and the real cache worker, so that every state of every screen can be looked at without
 * a service. Compiled to one script that runs before the page's own.
 */
import type {
  CacheAnswer,
  CacheRequest,
  CacheToMain,
  PendingOperation,
} from '../../../contract/cache-port.ts';
import type { UnsentAlarm } from '../../../contract/channels/alarm.ts';
import type { Draft, Looked, SaveRequest } from '../../../contract/channels/record.ts';
import type { SessionState } from '../../../contract/channels/session.ts';
import type { AttentionItem, SyncStatus } from '../../../contract/channels/sync.ts';
import type { Settings } from '../../../contract/channels/workspace.ts';
import type { PackHeader } from '../../../contract/record-service.ts';
import type { DirectoryEntry } from '../../../domain/record/directory-entry.ts';
import type { Operation, ResourceJson } from '../../../domain/sync/operation.ts';
import { unsentAlarms } from '../../../domain/sync/unsent-alarm.ts';

export interface WorkspaceFixture {
  readonly session: SessionState;
  readonly sync: SyncStatus;
  readonly attention: readonly AttentionItem[];
  readonly settings: Settings;
  readonly place: { readonly route: string } | null;
  readonly directory: readonly DirectoryEntry[];
  readonly packs: readonly { readonly header: PackHeader; readonly text: string }[];
  readonly shared: readonly string[];
  /** JSON text of the terminology asset; absent: none. */
  readonly terminology?: string;
}

declare global {
  interface Window {
    workspaceFixture: WorkspaceFixture;
    fakeMain: FakeMain;
  }
}

type Listener = (event: unknown) => void;

class FakeMain {
  session: SessionState;
  sync: SyncStatus;
  attention: AttentionItem[];
  settings: Settings;
  readonly saved: SaveRequest[] = [];
  /** The group of every save that was asked for, also of those that were refused. */
  readonly askedGroups: string[] = [];
  readonly drafts = new Map<string, Draft>();
  /** Drafts that a signature ended. */
  readonly ended = new Map<string, Draft>();
  readonly audited: { action: string }[] = [];
  /** Templates that were exported, newest last; and the file that the next import chooses. */
  readonly files: string[] = [];
  fileToImport: { fileName: string; text: string } | null = null;
  alarms: UnsentAlarm[] = [];
  looked: Looked[] = [];
  /** A save is answered only when this is done: for keys pressed meanwhile. */
  heldSave: Promise<void> | null = null;
  /** The next save answers this error. */
  refuseNextSave: { code: string; message: string; lost: 'not-saved'; remedy: string } | null = null;
  /** The next call of this channel answers this error. */
  refuseNext: {
    channel: string;
    error: { code: string; message: string; lost: 'nothing' | 'not-saved'; remedy: string };
  } | null = null;
  /** The next sign-in answers this error: the service cannot be reached. */
  refuseNextSignIn: { code: string; message: string; lost: 'nothing'; remedy: string } | null = null;
  place: { route: string } | null;
  #port: MessagePort | undefined;
  #lastId = 0;
  #deviceSeq = 0;
  #position = 10;
  /** Of this computer: it is the same bag after a lock. */
  readonly #database = `harness-${crypto.randomUUID()}`;
  /** Patients whose record was asked for before all others. */
  readonly wanted: string[] = [];
  readonly #registered: WorkspaceFixture['packs'][number][] = [];
  readonly #waiting = new Map<number, (answer: CacheAnswer) => void>();
  readonly #pending: PendingOperation[] = [];
  readonly #listeners = new Map<string, Set<Listener>>();
  readonly #fixture: WorkspaceFixture;

  constructor(fixture: WorkspaceFixture) {
    this.#fixture = fixture;
    this.session = fixture.session;
    this.sync = fixture.sync;
    this.attention = [...fixture.attention];
    this.settings = fixture.settings;
    this.place = fixture.place;
  }

  tell(event: string, value: unknown): void {
    for (const listener of this.#listeners.get(event) ?? []) listener(value);
  }

  setSession(change: Partial<SessionState>): SessionState {
    this.session = { ...this.session, ...change };
    this.tell('session.changed', this.session);
    return this.session;
  }

  setSync(change: Partial<SyncStatus>): SyncStatus {
    this.sync = { ...this.sync, ...change };
    this.tell('sync.changed', this.sync);
    return this.sync;
  }

  setAlarms(alarms: UnsentAlarm[]): UnsentAlarm[] {
    this.alarms = alarms;
    this.tell('alarm.changed', alarms);
    return alarms;
  }

  /** A colleague's work arrives by the feed: resources of this patient, as the service now has them. */
  async arrive(
    patientId: string | null,
    resources: readonly { readonly resourceType: string; readonly id: string }[],
  ): Promise<CacheAnswer> {
    const from = { epoch: 'e1', position: this.#position };
    this.#position += 1;
    return this.#ask({
      type: 'apply-changes',
      from,
      next: this.#position,
      directory: [],
      entries: resources.map((resource) => ({
        kind: 'upsert',
        position: this.#position,
        resource: JSON.stringify(resource),
        key: `${resource.resourceType}/${resource.id}`,
        version: 2,
        ...(patientId === null ? {} : { patientId }),
      })),
    });
  }

  /** Records that are not on this computer any more: the list of patients still names them. */
  withhold(patientIds: readonly string[]): Promise<CacheAnswer> {
    return this.#ask({ type: 'evict', patientIds });
  }

  /** The record of a patient who was registered before, come at last. */
  async bring(patientId: string): Promise<CacheAnswer> {
    const known = [...this.#fixture.packs, ...this.#registered];
    const pack = known.find(({ header }) => header.patientId === patientId);
    return this.register([], pack ? [pack] : []);
  }

  /** Patients whom the feed's directory names from now on, with their records. */
  async register(
    directory: readonly DirectoryEntry[],
    packs: WorkspaceFixture['packs'],
  ): Promise<CacheAnswer> {
    this.#registered.push(...packs);
    const from = { epoch: 'e1', position: this.#position };
    this.#position += 1;
    await this.#ask({ type: 'apply-changes', from, next: this.#position, directory, entries: [] });
    const bodies = await Promise.all(
      packs.map(async ({ header, text }) => ({
        header: { ...header, validAt: this.#position },
        body: await gzip(text),
      })),
    );
    return this.#ask({ type: 'put-packs', epoch: 'e1', packs: bodies });
  }

  /** Left the practice's offline scope: nothing on this computer tells of them. */
  leave(patientIds: readonly string[]): Promise<CacheAnswer> {
    const from = { epoch: 'e1', position: this.#position };
    this.#position += 1;
    return this.#ask({
      type: 'apply-changes',
      from,
      next: this.#position,
      directory: [],
      entries: patientIds.map((patientId) => ({
        kind: 'scope-exit',
        position: this.#position,
        patientId,
      })),
    });
  }

  /** As main does from its journal: by the rule itself, at once as when offline. */
  #workOutAlarms(): void {
    const journal = this.#pending.map(({ operation, after }) => ({
      signed: { operation: { ...operation, after: JSON.parse(after ?? 'null') as ResourceJson } },
      settlement: null,
    })) as unknown as Parameters<typeof unsentAlarms>[0];
    this.setAlarms(unsentAlarms(journal, new Set()).map((alarm) => ({ ...alarm })));
  }

  async #undo(groupId: string): Promise<unknown> {
    for (const change of this.#pending.filter(({ operation }) => operation.groupId === groupId))
      this.#pending.splice(this.#pending.indexOf(change), 1);
    await this.#ask({ type: 'put-pending', pending: this.#pending });
    this.#workOutAlarms();
    return { groupId, savedAt: new Date().toISOString(), operations: [], repeated: false };
  }

  bridge(): unknown {
    return {
      call: new Proxy(
        {},
        { get: (_target, name) => (request: unknown) => this.#answer(String(name), request) },
      ),
      on: new Proxy(
        {},
        {
          get: (_target, name) => (listener: Listener) => {
            const listeners = this.#listeners.get(String(name)) ?? new Set();
            this.#listeners.set(String(name), listeners.add(listener));
            return () => listeners.delete(listener);
          },
        },
      ),
    };
  }

  async #answer(name: string, request: unknown): Promise<unknown> {
    if (this.refuseNext?.channel === name) {
      const { error } = this.refuseNext;
      this.refuseNext = null;
      return { ok: false, error };
    }
    const value = await this.#value(name, request);
    if (value !== null && typeof value === 'object' && 'refused' in value)
      return { ok: false, error: value.refused };
    return { ok: true, value };
  }

  async #value(name: string, request: unknown): Promise<unknown> {
    switch (name) {
      case 'session.lock':
        return this.setSession({ phase: 'locked' });
      case 'session.unlock':
        return this.setSession({ phase: 'unlocked' });
      case 'session.sign-in':
        if (this.refuseNextSignIn) {
          const refused = this.refuseNextSignIn;
          const { phase } = this.session;
          this.refuseNextSignIn = null;
          // As main does: the page of signing in comes and goes before the answer is there.
          this.setSession({ phase: 'signing-in' });
          await new Promise((resolve) => requestAnimationFrame(resolve));
          this.setSession({ phase });
          return { refused };
        }
        return this.setSession({ phase: 'signing-in' });
      case 'session.state':
        return this.session;
      case 'sync.status':
      case 'sync.now':
        return this.sync;
      case 'sync.attention':
        return this.attention;
      case 'sync.resolve': {
        const { itemId, choice, reason } = request as { itemId: string; choice: string; reason?: string };
        if (choice === 'will-not-send') {
          if (reason === undefined)
            return { refused: { code: 'reason-needed', message: 'It needs a reason.', lost: 'nothing' } };
          this.attention = this.attention.filter((item) => item.itemId !== itemId);
          this.tell('sync.attention-changed', this.attention);
          return this.attention;
        }
        this.attention = this.attention.map((item) =>
          item.itemId === itemId ? { ...item, chosen: { choice, at: new Date().toISOString() } } : item,
        );
        return this.attention;
      }
      case 'sync.undo-resolve':
        for (const item of this.attention) delete item.chosen;
        return this.attention;
      case 'settings.get':
        return this.settings;
      case 'settings.put':
        this.settings = { ...this.settings, ...(request as Partial<Settings>) };
        return this.settings;
      case 'place.get':
        return this.place;
      case 'place.put':
        this.place = request as { route: string };
        return undefined;
      case 'draft.put': {
        const draft = request as Draft;
        this.drafts.set(draft.draftId, draft);
        return { durableAt: new Date().toISOString() };
      }
      case 'draft.list':
        return [...this.drafts.values()];
      case 'looked.list':
        return this.looked;
      case 'looked.put': {
        const { patientId, upTo } = request as Pick<Looked, 'patientId' | 'upTo'>;
        const others = this.looked.filter((one) => one.patientId !== patientId);
        this.looked = [...others, { patientId, upTo, at: new Date().toISOString() }];
        return this.looked;
      }
      case 'record.save-of': {
        const { resource } = request as { resource: string };
        const save = this.saved.find(({ changes }) => changes.some((one) => one.resource === resource));
        if (!save) return null;
        const resources = save.changes.map((one) => one.resource);
        return { resources, draft: this.ended.get(save.draftId ?? '') ?? null };
      }
      case 'draft.move': {
        const { draft } = request as { draft: Draft };
        this.drafts.set(draft.draftId, draft);
        return { durableAt: new Date().toISOString() };
      }
      case 'draft.correct': {
        const { groupId } = request as { groupId: string };
        const save = this.saved.find((one) => one.groupId === groupId);
        const signed = this.ended.get(save?.draftId ?? '');
        if (!signed) return null;
        const draft = { ...signed, draftId: crypto.randomUUID(), changedAt: new Date().toISOString() };
        this.drafts.set(draft.draftId, draft);
        return draft;
      }
      case 'draft.restore':
        return this.ended.get((request as { draftId: string }).draftId) ?? null;
      case 'record.undo':
        return this.#undo((request as { groupId: string }).groupId);
      case 'alarm.list':
        return this.alarms;
      case 'alarm.acknowledge': {
        const { groupId, spokenTo } = request as { groupId: string; spokenTo: string };
        const phoned = { by: this.session.user?.name ?? '', spokenTo, at: new Date().toISOString() };
        return this.setAlarms(
          this.alarms.map((alarm) => (alarm.groupId === groupId ? { ...alarm, phoned } : alarm)),
        );
      }
      case 'alarm.revoke': {
        const { groupId } = request as { groupId: string };
        return this.setAlarms(
          this.alarms.map(({ phoned, ...alarm }) =>
            alarm.groupId === groupId || phoned === undefined ? alarm : { ...alarm, phoned },
          ),
        );
      }
      case 'audit.record':
        this.audited.push(request as { action: string });
        return undefined;
      case 'draft.discard':
        this.drafts.delete((request as { draftId: string }).draftId);
        return undefined;
      case 'record.save':
        return this.#save(request as SaveRequest);
      case 'template.export':
        this.files.push((request as { text: string }).text);
        return { fileName: 'template.json' };
      case 'template.import':
        return this.fileToImport;
      case 'print.page':
        return { printed: true };
      case 'cache.connect':
        await this.#connect();
        return undefined;
      default:
        return undefined;
    }
  }

  /** A computer that has just been enrolled: a bag that opens, and nothing in it yet. */
  async emptyBag(): Promise<CacheAnswer> {
    const key = await crypto.subtle.digest('SHA-256', new TextEncoder().encode('harness'));
    const database = `harness-${crypto.randomUUID()}`;
    return this.#ask({ type: 'open', organisation: 'A99999', database, key });
  }

  async #save(request: SaveRequest): Promise<unknown> {
    this.askedGroups.push(request.groupId);
    await this.heldSave;
    if (this.refuseNextSave) {
      const refused = this.refuseNextSave;
      this.refuseNextSave = null;
      return { refused };
    }
    if (request.patientId !== request.bannerPatientId)
      return { refused: { code: 'wrong-patient', message: 'Wrong patient.', lost: 'not-saved' } };
    const savedAt = new Date().toISOString();
    this.saved.push(request);
    const signed = this.drafts.get(request.draftId ?? '');
    if (signed) this.ended.set(signed.draftId, signed);
    if (request.draftId !== undefined) this.drafts.delete(request.draftId);
    const operations = request.changes.map((change) => {
      const { user } = this.session;
      const operation = {
        schemaVersion: 1,
        opId: crypto.randomUUID(),
        deviceId: '00000000-0000-4000-8000-00000000d001',
        deviceSeq: ++this.#deviceSeq,
        lane: `lane:${request.patientId ?? 'org'}`,
        laneSeq: this.#deviceSeq,
        author: {
          userId: user?.userId,
          practitionerId: user?.practitionerId,
          name: user?.name,
          role: user?.role,
          organisation: user?.organisation,
        },
        groupId: request.groupId,
        groupSize: request.changes.length,
        ...(request.patientId === undefined ? {} : { patientId: request.patientId }),
        kind: change.kind,
        resource: change.resource,
        ...(change.baseVersion === undefined ? {} : { baseVersion: change.baseVersion }),
        after: JSON.parse(change.after) as unknown,
        diff: [],
        recordedAt: { wallClock: savedAt, monotonicMs: performance.now() },
        previousHash: '',
      } as unknown as Operation;
      this.#pending.push({ operation, after: change.after, state: 'waiting' });
      return { opId: operation.opId, resource: change.resource };
    });
    await this.#ask({ type: 'put-pending', pending: this.#pending });
    this.#workOutAlarms();
    const count = this.#pending.length;
    this.setSync({
      inStep: false,
      pending: {
        groups: this.saved.length,
        operations: count,
        oldestRecordedAt: savedAt,
        byPatient: [{ patientId: request.patientId ?? null, operations: count, oldestRecordedAt: savedAt }],
      },
    });
    return { groupId: request.groupId, savedAt, operations, repeated: false };
  }

  async #connect(): Promise<void> {
    const channel = new MessageChannel();
    this.#port = channel.port1;
    this.#port.onmessage = ({ data }: MessageEvent<CacheToMain>) => {
      if ('tell' in data) {
        this.wanted.push(data.patientId);
        return;
      }
      this.#waiting.get(data.id)?.(data.answer);
      this.#waiting.delete(data.id);
    };
    window.postMessage('gladstone:cache-port', window.location.origin, [channel.port2]);
    const key = await crypto.subtle.digest('SHA-256', new TextEncoder().encode('harness'));
    await this.#ask({
      type: 'open',
      organisation: 'A99999',
      database: this.#database,
      key,
    });
    const { directory, packs, shared, terminology } = this.#fixture;
    await this.#ask({
      type: 'put-directory',
      cursor: { epoch: 'e1', position: 10 },
      organisationName: this.session.user?.organisationName ?? 'Practice',
      entries: directory,
      booked: [],
      shared,
    });
    const bodies = await Promise.all(
      packs.map(async ({ header, text }) => ({ header, body: await gzip(text) })),
    );
    await this.#ask({ type: 'put-packs', epoch: 'e1', packs: bodies });
    await this.#ask({ type: 'put-as-of', dataAsOf: this.sync.dataAsOf ?? null });
    if (terminology !== undefined)
      await this.#ask({ type: 'put-terminology', asset: await gzip(terminology) } as unknown as CacheRequest);
    if (this.#pending.length > 0) await this.#ask({ type: 'put-pending', pending: this.#pending });
  }

  #ask(request: CacheRequest): Promise<CacheAnswer> {
    const id = ++this.#lastId;
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve);
      this.#port?.postMessage({ id, request });
    });
  }
}

async function gzip(text: string): Promise<ArrayBuffer> {
  return new Response(new Blob([text]).stream().pipeThrough(new CompressionStream('gzip'))).arrayBuffer();
}

window.fakeMain = new FakeMain(window.workspaceFixture);
Object.defineProperty(window, 'gladstone', { value: window.fakeMain.bridge() });

export type { FakeMain };
