/** Patients opened on this computer since unlock, latest first. In memory alone: who was opened is not for the disk. */
export class RecentPatients {
  readonly #most: number;
  #ids: readonly string[] = [];

  constructor(most = 50) {
    this.#most = most;
  }

  opened(patientId: string): void {
    this.#ids = [patientId, ...this.#ids.filter((id) => id !== patientId)].slice(0, this.#most);
  }

  get ids(): readonly string[] {
    return this.#ids;
  }

  forget(): void {
    this.#ids = [];
  }
}
