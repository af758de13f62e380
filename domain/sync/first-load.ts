export interface LoadProgress {
  readonly patientsDone: number;
  readonly patientsTotal: number;
  readonly bytesDone: number;
  readonly bytesTotal: number;
  /** Absent until there is a rate to go by. */
  readonly secondsLeft?: number;
  readonly paused: boolean;
}

export interface LoadInput {
  /** Compressed size of every record in scope, by patient, as the directory says. */
  readonly sizes: Iterable<readonly [string, number]>;
  readonly present: { has(patientId: string): boolean };
  /** What this run has fetched and how long it took, for the rate. */
  readonly fetchedBytes: number;
  readonly fetchingMs: number;
  readonly paused: boolean;
}

/**
 * Progress of the first load; null when every record in scope is here. Counts patients in scope, never requests,
 * so it neither passes the total nor stays short of it (sync-bugs Q13).
 */
export function loadProgress(input: LoadInput): LoadProgress | null {
  let patientsDone = 0;
  let patientsTotal = 0;
  let bytesDone = 0;
  let bytesTotal = 0;
  for (const [patientId, bytes] of input.sizes) {
    bytesTotal += bytes;
    patientsTotal += 1;
    if (!input.present.has(patientId)) continue;
    patientsDone += 1;
    bytesDone += bytes;
  }
  if (patientsDone === patientsTotal) return null;
  const rate = input.fetchingMs > 0 ? input.fetchedBytes / input.fetchingMs : 0;
  return {
    patientsDone,
    patientsTotal,
    bytesDone,
    bytesTotal,
    paused: input.paused,
    ...(rate > 0 && !input.paused ? { secondsLeft: Math.ceil((bytesTotal - bytesDone) / rate / 1_000) } : {}),
  };
}
