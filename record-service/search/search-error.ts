/** A search that the service does not answer as it was asked. The message names parameters, never values. */
export class SearchError extends Error {
  readonly code: 'invalid' | 'not-supported' | 'too-costly' | 'forbidden';

  constructor(code: SearchError['code'], message: string) {
    super(message);
    this.name = 'SearchError';
    this.code = code;
  }
}
