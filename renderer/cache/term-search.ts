import {
  prepareTermSearch,
  searchTerms,
  type TermContext,
  type TermIndex,
  type TermSearchResult,
} from '../../domain/terminology/term-search.ts';
import { readTerminologyAsset, type TerminologyRelease } from '../../domain/terminology/terminology-asset.ts';

/** The offline terminology, which main reads from the assets and sends by port. It belongs to no bag. */
export class TermSearch {
  #index: TermIndex | null = null;

  /** @returns a sentence where the asset is damaged; the one before then stays */
  load(text: string): string | null {
    const read = readTerminologyAsset(text);
    if ('fault' in read) return `${read.fault.words} (line ${read.fault.line})`;
    this.#index = prepareTermSearch(read.asset);
    return null;
  }

  described(): { readonly release: TerminologyRelease; readonly terms: number } | null {
    return this.#index && { release: this.#index.release, terms: this.#index.conceptOfCode.size };
  }

  /** `null` while no terminology is here: free text is then all there is, and the screen says so. */
  search(
    words: string,
    options: {
      readonly context: TermContext;
      readonly limit: number;
      readonly uses: ReadonlyMap<string, number>;
    },
  ): TermSearchResult | null {
    return this.#index && searchTerms(this.#index, words, options);
  }
}
