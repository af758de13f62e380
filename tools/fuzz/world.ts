import type { DeviceId } from '../../domain/identifiers.ts';
import { parseExact } from '../../domain/fhir/exact-json.ts';
import { withoutServiceMeta } from '../../domain/sync/element-diff.ts';
import type { ResourceJson } from '../../domain/sync/operation.ts';
import { derivedId } from '../../record-service/sync/derived-id.ts';
import { authorOf, DeviceModel } from './device-model.ts';
import type { Surroundings } from './device-model.ts';
import { emptyImage } from './memory-journal.ts';
import { Oracle } from './oracle.ts';
import type { PlantedBug } from './planted-bugs.ts';
import { moods } from './schedule.ts';
import type { Schedule, ScheduledEvent } from './schedule.ts';
import { ServiceModel } from './service-model.ts';
import { seededChance, VirtualTime } from './virtual-time.ts';

const patients = ['p0', 'p1', 'p2'] as const;
/** Several of these harm each other, or meet an allergy. */
const medicines = ['Warfarin 3mg tablets', 'Ibuprofen 400mg tablets', 'Amoxicillin 500mg capsules'] as const;
const activeAllergy = {
  coding: [{ system: 'http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical', code: 'active' }],
};
const allergens = [allergyTo('91936005', 'Penicillin'), allergyTo('293586001', 'Aspirin')] as const;

function allergyTo(code: string, text: string) {
  return { coding: [{ system: 'http://snomed.info/sct', code, display: text }], text };
}

export interface WorldOptions {
  /** No computer's clock is ever set: what happens then is what must happen anyway (I12). */
  readonly steadyClocks?: boolean;
  /** Ids as the real service demands them; without it they are short and read well. */
  readonly inUuids?: boolean;
}

/** One practice: a service, computers, people; plays a schedule and comes to rest. */
export class World {
  readonly time = new VirtualTime();
  readonly oracle = new Oracle();
  readonly service: ServiceModel;
  readonly devices: DeviceModel[] = [];
  readonly #around: Surroundings;
  readonly #steadyClocks: boolean;
  readonly #inUuids: boolean;
  readonly #counters = new Map<string, number>();
  readonly #notes = new Map<string, string>();
  #words = 0;

  constructor(schedule: Schedule, plant: PlantedBug | null, options: WorldOptions = {}) {
    this.#steadyClocks = options.steadyClocks === true;
    this.#inUuids = options.inUuids === true;
    this.service = new ServiceModel(plant);
    this.#seedRecords();
    this.#around = {
      service: this.service,
      time: this.time,
      chance: seededChance(schedule.seed),
      oracle: this.oracle,
      plant,
      newId: (kind) => this.#newId(kind),
    };
    for (let device = 0; device < schedule.devices; device += 1) {
      this.devices.push(
        new DeviceModel(`computer-${device}`, emptyImage(this.#newId('device') as DeviceId), this.#around),
      );
    }
  }

  async play(events: readonly ScheduledEvent[], after: () => void): Promise<void> {
    await this.time.pass(500);
    for (const event of events) {
      await this.#happen(event);
      await this.time.pass(event.then);
      after();
    }
  }

  /** Heals what can be healed, unlocks, signs in, and lets everybody finish. */
  async rest(): Promise<void> {
    this.service.needsUpgrade = false;
    for (const device of this.devices) {
      device.link.mood = 'good';
      device.link.signedIn = true;
      if (!device.isUnlocked) device.unlock(device.user);
    }
    for (let round = 0; round < 12; round += 1) {
      const live = this.devices.filter((device) => device.isInUse);
      await this.time.during(Promise.all(live.map((device) => device.engine.now())));
      await this.time.pass(200);
      if (live.every((device) => device.engine.status().inStep && this.#isAtHead(device))) return;
      // Back-off of a lane ends after a minute at the latest.
      if (round >= 2) await this.time.pass(61_000);
    }
  }

  #isAtHead(device: DeviceModel): boolean {
    const { cursor } = device.cacheImage;
    return cursor?.epoch === this.service.epoch && cursor.position === this.service.head;
  }

  async #happen(event: ScheduledEvent): Promise<void> {
    const device = this.devices[event.device % this.devices.length];
    const patientId = patients[event.patient % patients.length];
    if (device === undefined || patientId === undefined) return;
    switch (event.kind) {
      case 'edit':
        return this.#edit(device, patientId, event.which);
      case 'edit-twice':
        await this.#edit(device, patientId, event.which);
        return this.#edit(device, patientId, event.which);
      case 'append':
        return this.#save(device, patientId, [this.#observation(patientId)]);
      case 'prescribe':
        return this.#save(device, patientId, [this.#entry(patientId, event.which)]);
      case 'sign':
        return this.#sign(device, patientId);
      case 'record-in-note':
        return this.#recordInNote(device, patientId, event.which);
      case 'sign-note':
        return this.#signNote(device, patientId, this.#noteOf(device, patientId));
      case 'note-of-another': {
        const other = patients[(event.patient + 1) % patients.length] ?? patientId;
        return this.#signNote(device, patientId, this.#noteOf(device, other));
      }
      case 'void':
        return this.#void(device, patientId, event.which);
      case 'save-group':
        return this.#saveGroup(device, patientId, event.which);
      case 'wrong-patient': {
        const other = patients[(event.patient + 1) % patients.length] ?? patientId;
        return this.#save(device, patientId, [this.#observation(other)]);
      }
      case 'unreadable': {
        const before = new Set(this.oracle.operations.keys());
        const saving = this.#save(device, patientId, [this.#observation(patientId)]);
        await saving;
        for (const opId of this.oracle.operations.keys())
          if (!before.has(opId)) this.service.unreadable.add(opId);
        return;
      }
      case 'decide':
        return this.#decide(device, event.which);
      case 'undo': {
        const chosen = device.engine.attention().filter((item) => item.chosen !== undefined);
        const item = chosen[event.which % Math.max(1, chosen.length)];
        if (item !== undefined && device.isUnlocked)
          await this.time.during(device.engine.undoResolve(item.itemId));
        return;
      }
      case 'link':
        device.link.mood = moods[event.which % moods.length] ?? 'good';
        return;
      case 'kill':
        device.kill();
        return;
      case 'kill-while-saving':
        void device.save(patientId, [{ kind: 'append', after: this.#observation(patientId).after }]);
        await this.time.pass(event.which % 3);
        device.kill();
        return;
      case 'clock-jump':
        if (this.#steadyClocks) return;
        device.clockOffsetMs +=
          [3_600_000, -3_600_000, 86_400_000, -86_400_000, -120_000][event.which % 5] ?? 0;
        return;
      case 'lock':
        if (device.isUnlocked) device.lock();
        else device.unlock(device.user);
        return;
      case 'change-user':
        device.lock();
        device.unlock(event.which % 3);
        return;
      case 'token-expires':
        device.link.signedIn = !device.link.signedIn;
        if (device.link.signedIn) device.engine.nudge();
        return;
      case 'scope-exit':
        this.service.setScope(patientId, false);
        return;
      case 'scope-enter':
        this.service.setScope(patientId, true);
        return;
      case 'revoke-device':
        if (this.devices.length > 2 && this.service.orders.size === 0) {
          this.service.orders.set(device.journal.deviceId, {
            orderId: `order-${device.name}`,
            kind: event.which % 2 === 0 ? 'wipe' : 'revoke',
          });
        }
        return;
      case 'evict':
        if (device.cache !== null) {
          await this.time.during(device.cache.ask({ type: 'evict', patientIds: [patientId] }));
          device.lock();
          device.unlock(device.user);
        }
        return;
      case 'damage-cache':
        device.cacheImage.damaged = true;
        return;
      case 'merge':
        return this.#merge(patientId, event.which);
      case 'service-writes':
        this.#serviceWrites(patientId, event.which);
        return;
      case 'service-deletes':
        this.service.remove(`Observation/o-${patientId}`, 'service');
        return;
      case 'back-up':
        this.service.backUp();
        return;
      case 'restore':
        this.service.restore();
        return;
      case 'clone':
        if (this.devices.length < 6 && device.isInUse) {
          this.devices.push(device.clone(`${device.name}-copy-${this.devices.length}`));
        }
        return;
      case 'upgrade':
        // The service asks for a newer version; the computer is upgraded, which is a restart with work pending.
        this.service.needsUpgrade = !this.service.needsUpgrade;
        device.kill();
        return;
      case 'wait':
        await this.time.pass((event.which % 4) * 10_000);
        return;
    }
  }

  async #save(
    device: DeviceModel,
    patientId: string,
    changes: Parameters<DeviceModel['save']>[1],
  ): Promise<void> {
    if (device.isUnlocked && device.isInUse) await this.time.during(device.save(patientId, changes));
  }

  async #edit(device: DeviceModel, patientId: string, which: number): Promise<void> {
    const keys = device.keysOf(patientId);
    const key = keys[which % Math.max(1, keys.length)];
    const shown = key === undefined ? null : device.shown(key);
    const change = shown?.standing == null ? null : this.#changed(shown.standing, which);
    if (change !== null) await this.#save(device, patientId, [change]);
  }

  async #sign(device: DeviceModel, patientId: string): Promise<void> {
    const { standing } = device.shown(`Composition/c-${patientId}`);
    if (standing === null) return;
    const after = { ...plain(standing), status: 'final', title: this.#word() };
    await this.#save(device, patientId, [{ kind: 'amend', after }, this.#observation(patientId)]);
  }

  /** What is recorded while a note is open goes alone, before the Encounter that it names is anywhere. */
  async #recordInNote(device: DeviceModel, patientId: string, which: number): Promise<void> {
    const encounter = { reference: `Encounter/${this.#noteOf(device, patientId)}` };
    const entry = which % 3 === 0 ? this.#observation(patientId) : this.#entry(patientId, which);
    await this.#save(device, patientId, [{ ...entry, after: { ...entry.after, encounter } }]);
  }

  async #signNote(device: DeviceModel, patientId: string, encounterId: string): Promise<void> {
    this.#notes.delete(`${device.name} ${patientId}`);
    const observation = this.#observation(patientId);
    const encounter = { reference: `Encounter/${encounterId}` };
    await this.#save(device, patientId, [
      {
        kind: 'create',
        after: {
          resourceType: 'Encounter',
          id: encounterId,
          status: 'finished',
          class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'AMB' },
          subject: { reference: `Patient/${patientId}` },
        },
      },
      { ...observation, after: { ...observation.after, encounter } },
    ]);
  }

  /** The Encounter of the note that is open for this patient on this computer. */
  #noteOf(device: DeviceModel, patientId: string): string {
    const name = `${device.name} ${patientId}`;
    const encounterId = this.#notes.get(name) ?? this.#newId('encounter');
    this.#notes.set(name, encounterId);
    return encounterId;
  }

  async #void(device: DeviceModel, patientId: string, which: number): Promise<void> {
    const keys = device.keysOf(patientId).filter((key) => key.startsWith('Observation/'));
    const key = keys[which % Math.max(1, keys.length)];
    const standing = key === undefined ? null : device.shown(key).standing;
    if (standing === null) return;
    await this.#save(device, patientId, [
      { kind: 'void', after: { ...plain(standing), status: 'entered-in-error' } },
    ]);
  }

  async #saveGroup(device: DeviceModel, patientId: string, which: number): Promise<void> {
    const medicine = device.shown(`MedicationRequest/m-${patientId}`).standing;
    await this.#save(device, patientId, [
      this.#observation(patientId),
      this.#entry(patientId, which),
      ...(medicine === null ? [] : [this.#changed(medicine, which)]),
    ]);
  }

  async #decide(device: DeviceModel, which: number): Promise<void> {
    if (!device.isUnlocked) return;
    const items = device.engine.attention().filter((item) => item.chosen === undefined);
    const item = items[which % Math.max(1, items.length)];
    const choice = item?.choices[which % Math.max(1, item.choices.length)];
    if (item === undefined || choice === undefined) return;
    await this.time.during(device.engine.resolve(item.itemId, choice, 'decided'));
  }

  async #merge(patientId: string, which: number): Promise<void> {
    const into =
      patients[
        (patients.indexOf(patientId as (typeof patients)[number]) + 1 + (which % 2)) % patients.length
      ];
    const standing = this.service.standing(`Patient/${patientId}`);
    if (standing?.content == null) return;
    const patient = plain(parseExact(standing.content) as ResourceJson);
    const isMerged = patient['link'] !== undefined;
    const link = [{ type: 'replaced-by', other: { reference: `Patient/${into ?? patientId}` } }];
    this.service.write([isMerged ? { ...patient, link: undefined } : { ...patient, link }], 'service');
    await this.time.pass(0);
  }

  #serviceWrites(patientId: string, which: number): void {
    const keys = [...this.service.versions.keys()].filter(
      (key) =>
        this.service.standing(key)?.patientId === patientId && this.service.standing(key)?.deleted === false,
    );
    const key = keys[which % Math.max(1, keys.length)];
    const content = key === undefined ? null : this.service.standing(key)?.content;
    if (content == null) return;
    this.service.write([this.#changed(parseExact(content) as ResourceJson, which).after], 'service');
  }

  #changed(
    standing: ResourceJson,
    which: number,
  ): { readonly kind: 'amend' | 'correct'; readonly after: ResourceJson } {
    const before = plain(standing);
    const word = this.#word();
    switch (before.resourceType) {
      case 'Patient':
        return {
          kind: 'amend',
          after:
            which % 2 === 0
              ? { ...before, maritalStatus: { text: word } }
              : { ...before, telecom: [...listOf(before['telecom']), { system: 'phone', value: word }] },
        };
      case 'Task': {
        const next = { requested: 'accepted', accepted: 'in-progress', 'in-progress': 'completed' }[
          String(before['status'])
        ];
        return {
          kind: 'amend',
          after: { ...before, description: word, ...(next === undefined ? {} : { status: next }) },
        };
      }
      case 'Observation':
        return { kind: 'correct', after: { ...before, status: 'corrected', valueString: word } };
      case 'Composition':
        return { kind: 'amend', after: { ...before, title: word } };
      default:
        return { kind: 'amend', after: { ...before, note: [{ text: word }] } };
    }
  }

  #observation(patientId: string): { readonly kind: 'append'; readonly after: ResourceJson } {
    const subject = { reference: `Patient/${patientId}` };
    return {
      kind: 'append',
      after: {
        resourceType: 'Observation',
        id: this.#newId('observation'),
        status: 'final',
        code: { text: 'Note' },
        subject,
        valueString: this.#word(),
      },
    };
  }

  #entry(patientId: string, which: number): { readonly kind: 'create'; readonly after: ResourceJson } {
    const subject = { reference: `Patient/${patientId}` };
    const id = this.#newId('entry');
    const note = [{ text: this.#word() }];
    return {
      kind: 'create',
      after:
        which % 2 === 0
          ? {
              resourceType: 'AllergyIntolerance',
              id,
              patient: subject,
              clinicalStatus: activeAllergy,
              code: allergens[(which >> 1) % allergens.length],
              note,
            }
          : {
              resourceType: 'MedicationRequest',
              id,
              subject,
              status: 'active',
              intent: 'order',
              medicationCodeableConcept: { text: medicines[(which >> 1) % medicines.length] ?? '' },
              note,
            },
    };
  }

  #seedRecords(): void {
    for (const patientId of patients) {
      const subject = { reference: `Patient/${patientId}` };
      this.service.write(
        [
          { resourceType: 'Patient', id: patientId, telecom: [{ system: 'phone', value: '1' }] },
          {
            resourceType: 'AllergyIntolerance',
            id: `a-${patientId}`,
            patient: subject,
            clinicalStatus: activeAllergy,
            code: allergens[0],
          },
          {
            resourceType: 'MedicationRequest',
            id: `m-${patientId}`,
            subject,
            status: 'active',
            intent: 'order',
            medicationCodeableConcept: { text: 'Paracetamol 500mg tablets' },
          },
          {
            resourceType: 'Observation',
            id: `o-${patientId}`,
            subject,
            status: 'final',
            code: { text: 'Note' },
          },
          {
            resourceType: 'Task',
            id: `t-${patientId}`,
            for: subject,
            status: 'requested',
            intent: 'order',
          },
          {
            resourceType: 'Composition',
            id: `c-${patientId}`,
            subject,
            status: 'preliminary',
            type: { text: 'Consultation' },
            date: '2026-01-01T00:00:00Z',
            author: [{ display: 'Person 0' }],
            title: 'Consultation',
          },
        ],
        authorOf(0).userId,
      );
    }
  }

  #word(): string {
    this.#words += 1;
    return `word ${this.#words}`;
  }

  #newId(kind: string): string {
    const next = (this.#counters.get(kind) ?? 0) + 1;
    this.#counters.set(kind, next);
    return this.#inUuids ? derivedId(kind, String(next)) : `${kind}-${next}`;
  }
}

function plain(resource: ResourceJson): ResourceJson {
  return withoutServiceMeta(resource) as ResourceJson;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
