/** Search form of words: small letters without accents; apostrophes vanish, other marks separate. */
export function searchWords(text: string): string[] {
  return plainLetters(text)
    .replace(/['’`´]/g, '')
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
}

/** Small letters without accents: `Élodie` is `elodie`, `Straße` is `strasse`. */
export function plainLetters(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replaceAll('ß', 'ss')
    .replaceAll('ø', 'o')
    .replaceAll('æ', 'ae')
    .replaceAll('ł', 'l');
}
