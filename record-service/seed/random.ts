/** A seeded source of chance (sfc32): the same seed gives the same practice on every machine. */
export interface Chance {
  /** 0 ≤ x < 1 */
  next(): number;
  /** Whole number from low to high, both possible. */
  whole(low: number, high: number): number;
  pick<T>(from: readonly T[]): T;
  yes(probability: number): boolean;
  /** About normal, cut at three deviations. */
  near(mean: number, deviation: number): number;
}

/** @param name separates independent streams of one seed, so that adding a patient changes no other */
export function chanceOf(seed: number, name: string): Chance {
  let [a, b, c, d] = [0x9e3779b9 ^ seed, 0x243f6a88, 0xb7e15162, seed | 1];
  for (let index = 0; index < name.length; index += 1) {
    a = Math.imul(a ^ name.charCodeAt(index), 0x85ebca6b);
    b = (b + a) | 0;
    c ^= (b << 7) | (b >>> 25);
  }
  const next = (): number => {
    const sum = (a + b + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + sum) | 0;
    return (sum >>> 0) / 4_294_967_296;
  };
  for (let round = 0; round < 12; round += 1) next();
  return {
    next,
    whole: (low, high) => low + Math.floor(next() * (high - low + 1)),
    pick: (from) => {
      const chosen = from[Math.floor(next() * from.length)];
      if (chosen === undefined) throw new Error('nothing to pick from');
      return chosen;
    },
    yes: (probability) => next() < probability,
    near: (mean, deviation) => {
      const sum = next() + next() + next() + next() + next() + next() - 3;
      return mean + (sum / Math.SQRT1_2) * deviation;
    },
  };
}
