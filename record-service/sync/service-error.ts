/** A refusal of a whole request, answered as `{ code, message }` with a sentence that a person can read. */
export class SyncError extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.name = 'SyncError';
    this.status = status;
    this.code = code;
  }
}
