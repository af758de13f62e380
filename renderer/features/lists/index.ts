export { AddAllergy } from './add-allergy.tsx';
export { AddMedication } from './add-medication.tsx';
export { AddProblem } from './add-problem.tsx';
export { AddTask } from './add-task.tsx';
export { EntryDialog } from './entry-dialog.tsx';
export { medicineFacts } from './medicine-rules.ts';
export { useEntrySave } from './use-entry-save.ts';
export { ChangeAllergy, ChangeProblem, CompleteTask, StopMedication } from './change-entry.tsx';
export { Addendum, EnteredInError } from './withdraw-entry.tsx';
