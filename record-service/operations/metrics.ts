/**
 * What Prometheus reads at /metrics. Labels are closed sets (route templates, statuses, organisations): never an id,
 * a name or a search value.
 */
type Labels = Readonly<Record<string, string>>;

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

interface Family {
  readonly help: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly series: Map<string, { readonly labels: Labels; value: number; buckets?: number[]; sum?: number }>;
}

export class Metrics {
  readonly #families = new Map<string, Family>();
  readonly #collectors: (() => Promise<void>)[] = [];

  count(name: string, help: string, labels: Labels = {}, by = 1): void {
    this.#series(name, help, 'counter', labels).value += by;
  }

  set(name: string, help: string, labels: Labels, value: number): void {
    this.#series(name, help, 'gauge', labels).value = value;
  }

  /** Adds an observation in seconds. */
  observe(name: string, help: string, labels: Labels, seconds: number): void {
    const series = this.#series(name, help, 'histogram', labels);
    series.buckets ??= SECONDS.map(() => 0);
    series.buckets = series.buckets.map((count, index) =>
      seconds <= (SECONDS[index] ?? 0) ? count + 1 : count,
    );
    series.sum = (series.sum ?? 0) + seconds;
    series.value += 1;
  }

  /** Runs before each reading, to set gauges that are looked up. */
  collect(collector: () => Promise<void>): void {
    this.#collectors.push(collector);
  }

  /** Text exposition format 0.0.4. */
  async text(): Promise<string> {
    for (const collector of this.#collectors) await collector();
    const lines: string[] = [];
    for (const [name, family] of this.#families) {
      lines.push(`# HELP ${name} ${family.help}`, `# TYPE ${name} ${family.type}`);
      for (const { labels, value, buckets, sum } of family.series.values()) {
        if (buckets === undefined) {
          lines.push(`${name}${written(labels)} ${value}`);
          continue;
        }
        for (const [index, count] of buckets.entries()) {
          lines.push(`${name}_bucket${written({ ...labels, le: String(SECONDS[index]) })} ${count}`);
        }
        lines.push(
          `${name}_bucket${written({ ...labels, le: '+Inf' })} ${value}`,
          `${name}_sum${written(labels)} ${sum ?? 0}`,
          `${name}_count${written(labels)} ${value}`,
        );
      }
    }
    return `${lines.join('\n')}\n`;
  }

  #series(name: string, help: string, type: Family['type'], labels: Labels) {
    let family = this.#families.get(name);
    if (family === undefined) {
      family = { help, type, series: new Map() };
      this.#families.set(name, family);
    }
    const key = written(labels);
    let series = family.series.get(key);
    if (series === undefined) {
      series = { labels, value: 0 };
      family.series.set(key, series);
    }
    return series;
  }
}

function written(labels: Labels): string {
  const pairs = Object.entries(labels).map(
    ([name, value]) => `${name}="${value.replaceAll(/["\\\n]/g, '_')}"`,
  );
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}
