/** The last height that a body mass index may use, with its day; `null` where none is plotted in cm. */
export function lastHeightOf(
  series: readonly {
    readonly kind: string;
    readonly unit: string;
    readonly points: readonly { readonly value: number; readonly when: string }[];
  }[],
): { readonly cm: number; readonly on: string } | null {
  const last = series.find((one) => one.kind === 'height' && one.unit === 'cm')?.points.at(-1);
  return last ? { cm: last.value, on: last.when } : null;
}
