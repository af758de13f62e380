import { displayTime } from '../../../domain/clinical/date-display.ts';
import {
  cannotCheckElsewhere,
  sameProductGiven,
  type GivenProduct,
} from '../../../domain/clinical/same-product.ts';
import { parseForView } from '../../../domain/fhir/exact-json.ts';
import { medicineGiven } from '../../../domain/record/medicine-edit.ts';
import type { EnteredConcept } from '../../../domain/record/record-edit.ts';
import type { RecordView } from '../../../domain/record/record-view.ts';
import { useBagQuery } from '../bag/index.ts';
import { SwitchedOffNotice, useSwitchedOff } from '../practice/index.ts';
import { editContext } from '../saving/index.ts';
import { useSignedInUser } from '../session/index.ts';
import { useSyncStatus } from '../sync-status/index.ts';
import { localInstant, Notice } from '../../ui/index.ts';
import { medicineFacts } from './medicine-rules.ts';

/** Before an injection or a vaccine is recorded: the same product not long ago, and what cannot be known offline. */
export function GivenBefore({
  record,
  drug,
}: {
  readonly record: RecordView;
  readonly drug: EnteredConcept;
}) {
  const isOn = useSwitchedOff('rule:given-before') === null;
  const status = useSyncStatus();
  const user = useSignedInUser();
  const given =
    useBagQuery(`given ${record.patientId}`, async (bag) => {
      const resources = await bag.resources(record.patientId, ['Immunization', 'MedicationAdministration']);
      return resources.map(({ text }) => parseForView(text) as GivenProduct);
    }).value ?? [];
  const now = medicineGiven(
    { id: 'being-entered', drug, given: localInstant() },
    editContext(user, record.patientId),
  ).after as unknown as GivenProduct;
  const twice =
    drug.text === '' || !isOn
      ? []
      : given.flatMap((before) => sameProductGiven(before, now, medicineFacts) ?? []);
  const { dataAsOf } = record.completeness;
  return (
    <>
      <SwitchedOffNotice target="rule:given-before" name="Given before" />
      {twice.map((words) => (
        <Notice key={words} tone="danger" role="alert">
          <strong>{words}</strong>
        </Notice>
      ))}
      {status?.connection === 'connected' ? null : (
        <Notice tone="amber" role="status">
          {cannotCheckElsewhere(dataAsOf === null ? 'an unknown time' : (displayTime(dataAsOf) ?? dataAsOf))}
        </Notice>
      )}
    </>
  );
}
