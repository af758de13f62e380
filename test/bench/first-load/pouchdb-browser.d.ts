/** As much of PouchDB as the comparison uses. Its published types widen Node's own `Buffer` for the whole project. */
declare module 'pouchdb-browser' {
  // eslint-disable-next-line no-restricted-syntax -- so it is published
  export default class PouchDB<Content> {
    constructor(name: string, options?: { readonly auto_compaction?: boolean });
    bulkDocs(
      documents: readonly (Content & { readonly _id: string })[],
    ): Promise<({ readonly ok: true } | { readonly error: unknown })[]>;
    allDocs(options: {
      readonly include_docs: true;
      readonly startkey: string;
      readonly endkey: string;
    }): Promise<{ readonly rows: readonly { readonly doc?: Content }[] }>;
  }
}
