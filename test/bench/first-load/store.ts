/** What every store of the measurement takes and gives. */
export interface Pack {
  readonly patientId: string;
  readonly resources: number;
  readonly body: ArrayBuffer;
}
export interface Row {
  readonly id: string;
  readonly patientId: string;
  readonly type: string;
  readonly date: string;
  readonly resource: string;
}

/** One page of the feed. */
export interface FeedPage {
  readonly from: number;
  readonly next: number;
  readonly changes: readonly {
    readonly position: number;
    readonly key: string;
    readonly version: number;
    readonly patientId: string;
    readonly resource: string;
  }[];
}

export interface Store {
  /** Where the store is measured under a feed as well. */
  apply?(page: FeedPage): Promise<void>;
  put(packs: readonly Pack[]): Promise<void>;
  finish(): Promise<void>;
  open(patientId: string): Promise<number>;
}

export async function rowsOf(pack: Pack): Promise<Row[]> {
  const stream = new Blob([pack.body]).stream().pipeThrough(new DecompressionStream('gzip'));
  const resources = JSON.parse(await new Response(stream).text()) as Record<string, unknown>[];
  return resources.map((resource) => rowOf(pack.patientId, resource));
}

export function rowOf(patientId: string, resource: Record<string, unknown>): Row {
  return {
    id: `${String(resource['resourceType'])}/${String(resource['id'])}`,
    patientId,
    type: String(resource['resourceType']),
    date: dateOf(resource),
    resource: JSON.stringify(resource),
  };
}

function dateOf(resource: Record<string, unknown>): string {
  for (const element of ['effectiveDateTime', 'recordedDate', 'date']) {
    const value = resource[element];
    if (typeof value === 'string') return value;
  }
  return '';
}
