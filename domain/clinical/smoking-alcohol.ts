/** Alcohol in UK units: 10 ml of pure alcohol each. Advice: UK Chief Medical Officers 2016, not regularly above 14 a week. */
const WEEKLY_UNITS_ADVISED = 14;

/** Units in a drink, one decimal. @param millilitres volume; percent alcohol by volume */
export function alcoholUnits(millilitres: number, percent: number): number {
  return Math.round((millilitres * percent) / 100) / 10;
}

export function alcoholWords(unitsAWeek: number): string {
  if (unitsAWeek === 0) return 'No alcohol';
  const units = `${unitsAWeek} unit${unitsAWeek === 1 ? '' : 's'} a week`;
  return unitsAWeek > WEEKLY_UNITS_ADVISED ? `${units}, above the advised ${WEEKLY_UNITS_ADVISED}` : units;
}

/** Pack-years, one decimal: 20 cigarettes a day for a year is one. Null where either is unknown or negative. */
export function packYears(cigarettesADay: number | null, years: number | null): number | null {
  if (cigarettesADay === null || years === null || cigarettesADay < 0 || years < 0) return null;
  return Math.round((cigarettesADay / 20) * years * 10) / 10;
}
