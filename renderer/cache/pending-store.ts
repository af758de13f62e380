import type { PendingOperation } from '../../contract/cache-port.ts';
import { parseForView } from '../../domain/fhir/exact-json.ts';
import { resourceKey } from '../../domain/identifiers.ts';
import type { AnyResource, PendingChange } from '../../domain/record/overlay.ts';

/** Where pending work without a patient stands (a registration in the making has one: its own). */
const NO_PATIENT = '';

/** This device's work that the cached copy does not hold yet, by patient. Main sends the whole of it each time. */
export class PendingStore {
  #byPatient = new Map<string, readonly PendingChange[]>();
  #texts = new Map<string, string>();
  #marks = new Map<string, string>();

  /** Differs whenever the pending work without a patient does. */
  get sharedMark(): string {
    return this.#marks.get(NO_PATIENT) ?? '';
  }

  /** Pending work without a patient: settings and templates of the practice. */
  get shared(): readonly PendingChange[] {
    return this.of(NO_PATIENT);
  }

  /** Answers the patients whose overlay is now another one. */
  replace(pending: readonly PendingOperation[]): readonly string[] {
    const byPatient = new Map<string, PendingChange[]>();
    const texts = new Map<string, string>();
    const marks = new Map<string, string>();
    for (const one of pending) {
      const patientId = one.operation.patientId ?? NO_PATIENT;
      const { opId } = one.operation;
      if (one.after !== undefined) texts.set(opId, one.after);
      const change: PendingChange = {
        operation: one.operation,
        after: one.after === undefined ? null : (parseForView(one.after) as AnyResource),
        state: one.state,
        ...(one.resultVersion !== undefined && { resultVersion: one.resultVersion }),
      };
      const sofar = byPatient.get(patientId);
      if (sofar) sofar.push(change);
      else byPatient.set(patientId, [change]);
      const mark = `${opId} ${one.state} ${one.resultVersion ?? ''}\n`;
      marks.set(patientId, (marks.get(patientId) ?? '') + mark);
    }
    const changed = [...new Set([...marks.keys(), ...this.#marks.keys()])].filter(
      (patientId) => marks.get(patientId) !== this.#marks.get(patientId),
    );
    // A patient whose work did not change keeps its list, so that what was laid over it need not be laid again.
    for (const [patientId, before] of this.#byPatient) {
      if (byPatient.has(patientId) && !changed.includes(patientId)) {
        byPatient.set(patientId, before as PendingChange[]);
      }
    }
    this.#byPatient = byPatient;
    this.#texts = texts;
    this.#marks = marks;
    return changed.filter((patientId) => patientId !== NO_PATIENT);
  }

  of(patientId: string): readonly PendingChange[] {
    return this.#byPatient.get(patientId) ?? NOTHING;
  }

  /** Patients with pending work. */
  patients(): Iterable<string> {
    return this.#byPatient.keys();
  }

  /** JSON text of an operation's `after`, decimals as written. */
  textOf(opId: string): string | undefined {
    return this.#texts.get(opId);
  }

  /** Whether this patient was registered here and the service may not know of it yet. */
  isMadeHere(patientId: string): boolean {
    const key = resourceKey('Patient', patientId);
    return this.of(patientId).some(
      (change) => change.operation.resource === key && change.operation.kind === 'create',
    );
  }
}

const NOTHING: readonly PendingChange[] = [];
