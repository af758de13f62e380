export { BagProvider, useBag } from './bag.tsx';
export { useBagQuery, type BagAnswer } from './use-bag-query.ts';
export { useTerms } from './use-terms.ts';
