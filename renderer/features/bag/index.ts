export { BagProvider, useBag } from './bag.tsx';
export { useBagQuery, type BagAnswer } from './use-bag-query.ts';
export { useTerms } from './use-terms.ts';
export { ASKED_TOO_SOON, arrowChooses, chosenIndex, chosenNow, enterMeans } from './term-choice.ts';
