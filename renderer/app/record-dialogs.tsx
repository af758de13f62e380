import type { RecordView } from '../../domain/record/record-view.ts';
import {
  AddAllergy,
  AddMedication,
  AddProblem,
  AddTask,
  Addendum,
  ChangeAllergy,
  ChangeProblem,
  CompleteTask,
  EnteredInError,
  StopMedication,
} from '../features/lists/index.ts';
import { ReopenConsultation } from '../features/consultation/index.ts';
import { MoveEntry } from '../features/moving/index.ts';
import { CorrectObservation } from '../features/observations/index.ts';
import { ChangeDemographics } from '../features/registration/index.ts';
import {
  MedicineDetails,
  OpenDocument,
  ProvenancePanel,
  type RecordAction,
} from '../features/record/index.ts';

/** What was asked for from a line of the record, over the record. */
export function RecordDialogs({
  action,
  record,
  whose,
  onAction,
  onReopened,
  onMoved,
  onClose,
}: {
  readonly action: RecordAction;
  readonly record: RecordView;
  readonly whose: string;
  readonly onAction: (action: RecordAction) => void;
  readonly onReopened: () => void;
  readonly onMoved: (patientId: string, pane: 'consultation' | 'observations') => void;
  readonly onClose: () => void;
}) {
  const shared = { record, whose, onClose };
  const changing = (key: string) => ({
    ...shared,
    entryKey: key,
    onProvenance: () => {
      onAction({ kind: 'provenance', key });
    },
  });
  switch (action.kind) {
    case 'provenance':
      return (
        <ProvenancePanel
          patientId={record.patientId}
          entryKey={action.key}
          whose={<strong>{whose}</strong>}
          onClose={onClose}
        />
      );
    case 'medicine':
      return <MedicineDetails {...shared} entryKey={action.key} />;
    case 'add-allergy':
      return <AddAllergy {...shared} />;
    case 'add-problem':
      return <AddProblem {...shared} />;
    case 'add-medication':
      return <AddMedication {...shared} />;
    case 'add-task':
      return <AddTask {...shared} />;
    case 'entered-in-error':
      return <EnteredInError {...shared} entryKey={action.key} />;
    case 'move-entry':
      return <MoveEntry {...shared} entryKey={action.key} onMoved={onMoved} />;
    case 'addendum':
      return <Addendum {...shared} entryKey={action.key} />;
    case 'reopen':
      return (
        <ReopenConsultation whose={whose} entryKey={action.key} onReopened={onReopened} onClose={onClose} />
      );
    case 'change-allergy':
      return <ChangeAllergy {...changing(action.key)} />;
    case 'change-problem':
      return <ChangeProblem {...changing(action.key)} />;
    case 'change-medication':
      return <StopMedication {...changing(action.key)} />;
    case 'correct-observation':
      return <CorrectObservation {...shared} entryKey={action.key} />;
    case 'open-document':
      return (
        <OpenDocument patientId={record.patientId} entryKey={action.key} whose={whose} onClose={onClose} />
      );
    case 'change-demographics':
      return <ChangeDemographics patientId={record.patientId} whose={whose} onClose={onClose} />;
    case 'complete-task':
      return <CompleteTask {...changing(action.key)} />;
  }
}
