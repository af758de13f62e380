export { CorrectObservation } from './correct-observation.tsx';
export { ObservationPane } from './observation-pane.tsx';
export { answersIn, buildAnswers, pregnancyInForce } from './answers.ts';
export { lastHeightOf } from './last-height.ts';
export { News2Panel, news2Words } from './news2-panel.tsx';
export { PregnancyQuestion, ScaleChoice } from './standing-answers.tsx';
export { ObservationGrid } from './observation-grid.tsx';
export { bmiOf, EMPTY_SET, enteredOf, news2Of, type EnteredSet, type SetState } from './set-state.ts';
export { boxesOf, OBSERVATION_SETS, setOf, type BoxKey, type BoxSet } from './sets.ts';
