import { compartmentOf } from '../../domain/record/patient-compartment.ts';
import type { Operation } from '../../domain/sync/operation.ts';
import { encounterOf, subjectMismatch } from '../../record-service/sync/subject.ts';
import { contentText } from './device-model.ts';
import type { DeviceModel } from './device-model.ts';
import { combinedSafetyIsTold } from './meeting-check.ts';
import { digestOf } from './service-model.ts';
import { contentOf } from './service-transaction.ts';
import { Violation } from './violation.ts';
import type { World } from './world.ts';

/** What may be checked at any moment. Remembers what was shown, for reads that must not go back. */
export class Watch {
  readonly #world: World;
  readonly #lastShown = new Map<string, { readonly epoch: string; readonly version: number }>();

  constructor(world: World) {
    this.#world = world;
  }

  look(): void {
    for (const device of this.#world.devices) {
      if (device.isInUse) noClockExtendsALease(device);
      if (!device.isUnlocked || device.isWiped || device.isSaving) continue;
      this.#readsYourWrites(device);
      this.#readsGoForward(device);
      this.#tellsTheTruth(device);
    }
  }

  /** I8: what was saved here and waits stands on the screen. */
  #readsYourWrites(device: DeviceModel): void {
    const shown = new Set(device.cache?.pending.map((pending) => pending.operation.opId));
    const skipped = new Set(device.journal.operations().map(({ signed }) => signed.operation.skippedOpId));
    for (const { signed, outcome } of device.journal.operations()) {
      const { opId, kind } = signed.operation;
      if (outcome !== null || kind === 'skip' || skipped.has(opId)) continue;
      if (!shown.has(opId))
        throw new Violation('I8', `${opId}, saved and waiting, is not on the screen of ${device.name}`);
    }
  }

  /** I8: a version that was shown is not followed by an older one, within one history of the service. */
  #readsGoForward(device: DeviceModel): void {
    const epoch = device.cacheImage.cursor?.epoch;
    if (epoch === undefined || device.cacheImage.damaged) return;
    for (const [, pack] of device.cacheImage.packs) {
      if (pack.epoch !== epoch) continue;
      for (const key of pack.resources.keys()) {
        const shown = device.shown(key);
        // Work that waits again, because a restored service lost it, has no version and stands over all.
        if (shown.unsent !== null) continue;
        const version = shown.version ?? 0;
        const name = `${device.name} ${key}`;
        const last = this.#lastShown.get(name);
        if (last?.epoch === epoch && last.version > version) {
          throw new Violation(
            'I8',
            `${key} went back from version ${last.version} to ${version} on ${device.name}`,
          );
        }
        this.#lastShown.set(name, { epoch, version });
      }
    }
  }

  /** I15: "in step" is only said when it is so. */
  #tellsTheTruth(device: DeviceModel): void {
    const status = device.engine.status();
    const unsent = device.journal.operations().filter((entry) => entry.outcome === null).length;
    const skips = device.journal
      .operations()
      .filter(({ signed }) => signed.operation.skippedOpId !== undefined).length;
    if (status.inStep && unsent > skips) {
      throw new Violation('I15', `${device.name} says "in step" with ${unsent} operations waiting`);
    }
  }
}

/** I12: a clock may lock a bag; none ever makes a lease longer than the time that really passed allows. */
function noClockExtendsALease(device: DeviceModel): void {
  const { state, mostLeftMs } = device.keepLease();
  if (state.hoursLeft * 3_600_000 > mostLeftMs + 1)
    throw new Violation('I12', `the lease of ${device.name} was extended by its clock`);
}

/** Everything that must hold when nothing moves any more. */
export function checkAtRest(world: World): void {
  nothingSavedIsLost(world);
  oneEffectEach(world);
  nothingOverwrittenInSilence(world);
  lanesInOrder(world);
  feedIsComplete(world);
  purgingIsNotDeleting(world);
  revokedHoldsNothing(world);
  authorsStand(world);
  noWrongPatient(world);
  noRightPatientRefused(world);
  nothingWaitsInSilence(world);
  devicesAgree(world);
  conflictsStandBeforeAPerson(world);
  combinedSafetyIsTold(world);
}

/** I1, I3: what was said to be saved is in the journal, in the ledger or sealed in the escrow. */
function nothingSavedIsLost(world: World): void {
  const kept = new Set<string>(world.service.ledger.keys());
  for (const device of world.devices) {
    for (const entry of device.journal.operations()) {
      // What a wiped computer had been told is with the service, the service can lose by a restore (docs/decisions).
      if (!device.isWiped || entry.outcome !== null) kept.add(entry.signed.operation.opId);
    }
  }
  for (const frame of world.service.escrow.values()) {
    for (const opId of JSON.parse(Buffer.from(frame.sealed, 'base64url').toString('utf8')) as string[])
      kept.add(opId);
  }
  for (const [opId] of world.oracle.operations) {
    if (!kept.has(opId)) throw new Violation('I1', `${opId} was saved and is nowhere`);
  }
  for (const device of world.devices) {
    if (device.isWiped) continue;
    for (const { signed, outcome } of device.journal.operations()) {
      if (
        outcome !== null &&
        outcome.epoch === world.service.epoch &&
        !world.service.ledger.has(signed.operation.opId)
      ) {
        throw new Violation(
          'I3',
          `${signed.operation.opId} counts as ${outcome.outcome.outcome} on ${device.name}, and the service never had it`,
        );
      }
    }
  }
}

/** I2: an operation makes one version at most. */
function oneEffectEach(world: World): void {
  const made = new Map<string, string>();
  for (const [key, versions] of world.service.versions) {
    for (const { opId, version } of versions) {
      if (opId === null) continue;
      const before = made.get(opId);
      if (before !== undefined) throw new Violation('I2', `${opId} made ${before} and ${key}/${version}`);
      made.set(opId, `${key}/${version}`);
    }
  }
}

/** I4: a version is based on the one before it, and on what its author saw, or a rule says why not. */
function nothingOverwrittenInSilence(world: World): void {
  for (const [key, versions] of world.service.versions) {
    for (const [index, version] of versions.entries()) {
      if (version.opId === null || version.rule !== null || index === 0) continue;
      if (version.basedOn !== version.version - 1) {
        throw new Violation(
          'I4',
          `${key}/${version.version} by ${version.opId} is based on ${version.basedOn ?? 'nothing'}`,
        );
      }
      const saved = world.oracle.operations.get(version.opId as never);
      const base = versions[index - 1];
      if (saved === undefined || base === undefined) continue;
      if (contentText(contentOf(base)) !== contentText(saved.base)) {
        throw new Violation(
          'I4',
          `${key}/${version.version} by ${version.opId} replaced a text that its author had not seen`,
        );
      }
    }
  }
  conflictsHaveAReason(world);
}

/** I4: work made in order on one computer never conflicts with itself. */
function conflictsHaveAReason(world: World): void {
  const stale = new Set([
    'medication-never-merged',
    'safety-list-never-merged',
    'changed-meanwhile',
    'demographics-same-element',
  ]);
  for (const { signed, outcome } of world.service.ledger.values()) {
    if (outcome.outcome !== 'conflict' || !stale.has(outcome.rule)) continue;
    const { operation } = signed;
    const mine = world.oracle.operations.get(operation.opId);
    const base = operation.baseVersion;
    if (mine === undefined || base === undefined) continue;
    const since = (world.service.versions.get(operation.resource) ?? []).filter(
      ({ version }) => version > base,
    );
    const others = since.filter((version) => {
      const by = version.opId === null ? undefined : world.oracle.operations.get(version.opId as never);
      return (
        by === undefined || by.device !== mine.device || by.operation.deviceSeq > mine.operation.deviceSeq
      );
    });
    const known = operation.seen?.epoch === world.service.epoch;
    if (known && since.length > 0 && others.length === 0) {
      throw new Violation('I4', `${operation.opId} conflicts only with earlier work of its own computer`);
    }
  }
}

/** I5: what a lane's ledger holds has no gap and no inversion. */
function lanesInOrder(world: World): void {
  const lanes = new Map<string, number>();
  for (const { signed } of world.service.ledger.values()) {
    const { lane, laneSeq, opId } = signed.operation;
    const expected = (lanes.get(lane) ?? 0) + 1;
    if (laneSeq !== expected)
      throw new Violation('I5', `${opId} stands at ${laneSeq} of its lane, expected ${expected}`);
    lanes.set(lane, laneSeq);
  }
}

/** I6: pages from the beginning give every committed row once, whole groups, versions that only rise. */
function feedIsComplete(world: World): void {
  const { service } = world;
  const seen = new Map<string, number>();
  const groups = new Map<string, number>();
  for (let position = 0; position < service.head;) {
    const page = service.changes({ epoch: service.epoch, position }, 3);
    if (!page.ok) throw new Violation('I6', 'the feed refuses its own cursor');
    for (const entry of page.value.entries) {
      if (entry.kind !== 'upsert' && entry.kind !== 'tombstone') continue;
      if (entry.version <= (seen.get(entry.key) ?? 0))
        throw new Violation('I6', `${entry.key} went back in the feed`);
      seen.set(entry.key, entry.version);
      if (entry.kind === 'upsert' && entry.groupId !== undefined) {
        const pageOf = groups.get(entry.groupId) ?? position;
        if (pageOf !== position) throw new Violation('I6', `save ${entry.groupId} is split over two pages`);
        groups.set(entry.groupId, position);
      }
    }
    position = page.value.next;
  }
  for (const [key, versions] of service.versions) {
    const standing = versions.at(-1);
    if (standing?.patientId != null && service.outOfScope.has(standing.patientId)) continue;
    if (seen.get(key) !== standing?.version)
      throw new Violation('I6', `${key}/${standing?.version ?? 0} is not in the feed`);
  }
}

/** I9: only people's saves make operations. */
function purgingIsNotDeleting(world: World): void {
  for (const device of world.devices) {
    for (const { signed } of device.journal.operations()) {
      if (signed.operation.reason === 'purge')
        throw new Violation('I9', `${signed.operation.opId} was made by an eviction`);
    }
  }
}

/** I10: a wiped computer opens nothing, and its unsent work is with the service. Checked with I1 for the work. */
function revokedHoldsNothing(world: World): void {
  for (const device of world.devices) {
    if (device.isWiped && device.isUnlocked)
      throw new Violation('I10', `${device.name} was wiped and is open`);
  }
  for (const device of world.devices) {
    if (!device.isInUse) continue;
    for (const patientId of world.service.outOfScope) {
      if (device.cacheImage.packs.has(patientId) && device.engine.status().inStep) {
        throw new Violation('I10', `${device.name} still holds ${patientId}, who left its scope`);
      }
    }
  }
}

/** I11: whoever carried it, the version is its author's. */
function authorsStand(world: World): void {
  for (const [opId, { signed }] of world.service.ledger) {
    const saved = world.oracle.operations.get(opId as never);
    if (saved !== undefined && saved.operation.author.userId !== signed.operation.author.userId) {
      throw new Violation('I11', `${opId} arrived as the work of another person`);
    }
  }
}

/** I14: nothing stands in the record of a patient who was not on the banner. */
function noWrongPatient(world: World): void {
  for (const [key, versions] of world.service.versions) {
    for (const version of versions) {
      const operation =
        version.opId === null ? undefined : world.service.ledger.get(version.opId)?.signed.operation;
      const content = contentOf(version);
      if (operation === undefined || content === null) continue;
      if (compartmentOf(content) !== (operation.patientId ?? null)) {
        throw new Violation(
          'I14',
          `${key}/${version.version} was filed with another patient than the banner’s`,
        );
      }
    }
    const standing = versions.at(-1);
    const content = standing === undefined ? null : contentOf(standing);
    const encounterId = content === null ? null : encounterOf(content);
    const encounter = encounterId === null ? undefined : world.service.standing(`Encounter/${encounterId}`);
    if (encounter !== undefined && encounter.patientId !== standing?.patientId)
      throw new Violation('I14', `${key} was recorded in a consultation of another patient`);
  }
}

/** I14 the other way: only a save that names a second patient, itself or by its consultation, is refused for that. */
function noRightPatientRefused(world: World): void {
  const patientsOf = new Map<string, Set<string>>();
  const mistaken = new Set<string>();
  for (const { operation } of world.oracle.operations.values()) {
    if (operation.after === undefined) continue;
    if (subjectMismatch(operation, operation.after) !== null) mistaken.add(operation.groupId);
    const encounterId = consultationOf(operation);
    if (encounterId === null) continue;
    const patients = patientsOf.get(encounterId) ?? new Set();
    patientsOf.set(encounterId, patients.add(operation.patientId ?? ''));
  }
  for (const { operation } of world.oracle.operations.values()) {
    if ((patientsOf.get(consultationOf(operation) ?? '')?.size ?? 0) > 1) mistaken.add(operation.groupId);
  }
  for (const [opId, { signed, outcome }] of world.service.ledger) {
    const isWrong = outcome.outcome === 'rejected' && outcome.code === 'wrong-patient';
    if (isWrong && !mistaken.has(signed.operation.groupId))
      throw new Violation('I14', `${opId} was refused as another patient’s, and names one patient only`);
  }
}

/** The Encounter that an operation names or makes. */
function consultationOf({ resource, after }: Operation): string | null {
  if (after === undefined) return null;
  return resource.startsWith('Encounter/') ? after.id : encounterOf(after);
}

/** I13: what still waits, waits for a person, who is told; and nobody else's work waits behind it. */
function nothingWaitsInSilence(world: World): void {
  for (const device of world.devices) {
    if (!device.isInUse) continue;
    const status = device.engine.status();
    if (status.connection !== 'connected')
      throw new Violation('I13', `${device.name} is ${status.connection} on a good line`);
    const items = device.engine.attention();
    const skipped = new Set(device.journal.operations().map(({ signed }) => signed.operation.skippedOpId));
    const waiting = device.journal
      .operations()
      .filter(
        ({ signed }) =>
          !world.service.ledger.has(signed.operation.opId) && !skipped.has(signed.operation.opId),
      )
      .map(({ signed }) => signed.operation);
    const stuck = device.journal
      .operations()
      .map(({ signed }) => signed.operation)
      .filter((operation) => items.some((item) => item.itemId === `lane:${operation.opId}`));
    for (const operation of waiting) {
      const reason = stuck.some(
        (first) => first.author.userId === operation.author.userId && first.patientId === operation.patientId,
      );
      const builds =
        operation.prevOpId !== undefined && waiting.some((other) => other.opId === operation.prevOpId);
      const behindSuch = waiting.some(
        (other) =>
          other.lane === operation.lane &&
          other.laneSeq < operation.laneSeq &&
          other.prevOpId !== undefined &&
          waiting.some((before) => before.opId === other.prevOpId),
      );
      const togetherWithSuch = waiting.some(
        (other) =>
          other.groupId === operation.groupId &&
          other.prevOpId !== undefined &&
          waiting.some((before) => before.opId === other.prevOpId),
      );
      if (!reason && !builds && !behindSuch && !togetherWithSuch) {
        throw new Violation('I13', `${operation.opId} waits on ${device.name} and nobody is told why`);
      }
    }
  }
}

/** I7: at rest every computer has what the service has. */
function devicesAgree(world: World): void {
  for (const device of world.devices) {
    if (!device.isInUse || !device.isUnlocked || world.service.orders.has(device.journal.deviceId)) continue;
    const manifest = world.service.manifest();
    if (!manifest.ok) continue;
    for (const { patientId, digest } of manifest.value.patients) {
      const pack = device.cacheImage.packs.get(patientId);
      if (pack === undefined) throw new Violation('I7', `${patientId} is missing on ${device.name}`);
      const here = digestOf([...pack.resources.values()].filter((resource) => resource.content !== null));
      if (here !== digest) throw new Violation('I7', `${patientId} differs on ${device.name}`);
    }
  }
}

/** I16, the device's part: whatever work met apart and is not settled stands before a person. */
function conflictsStandBeforeAPerson(world: World): void {
  const open = new Set(world.service.openConflicts.map((conflict) => conflict.conflictId));
  for (const device of world.devices) {
    if (!device.isInUse || !device.isUnlocked) continue;
    const items = device.engine.attention();
    const shown = new Set(items.map((item) => item.itemId));
    for (const { signed, outcome } of device.journal.operations()) {
      if (outcome?.outcome.outcome !== 'conflict' || !open.has(outcome.outcome.conflictId)) continue;
      if (outcome.epoch !== world.service.epoch) continue;
      const { conflictId } = outcome.outcome;
      const isDecided =
        device.journal.operations().some((entry) => entry.signed.operation.resolvesConflict === conflictId) ||
        device.journal.notes('closed').has(conflictId);
      if (!shown.has(conflictId) && !isDecided) {
        throw new Violation(
          'I16',
          `the conflict over ${signed.operation.resource} is not before a person on ${device.name}`,
        );
      }
    }
  }
}
