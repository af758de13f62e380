export { CorrectObservation } from './correct-observation.tsx';
export { ObservationPane } from './observation-pane.tsx';
export { News2Panel } from './news2-panel.tsx';
export { ObservationGrid } from './observation-grid.tsx';
export { EMPTY_SET, enteredOf, news2Of, type EnteredSet, type SetState } from './set-state.ts';
export { boxesOf, OBSERVATION_SETS, setOf, type BoxKey } from './sets.ts';
