import { childWeightWarning } from '../../../domain/clinical/child-warnings.ts';
import type { RecordView } from '../../../domain/record/record-view.ts';
import { localInstant, Notice } from '../../ui/index.ts';

/** Beside a medicine for a child: how old the weight is. Nothing for adults, and nothing for a weight of today. */
export function ChildWeight({ record }: { readonly record: RecordView }) {
  const weight = record.summary.lastValues.find((value) => value.kind === 'weight')?.latest;
  const words = childWeightWarning({
    birthDate: record.patient.birthDate,
    weighed: weight?.when ?? undefined,
    today: localInstant(),
  });
  if (words === null) return null;
  return (
    <Notice tone="amber" role="status">
      <strong>Child.</strong> {words} {weight ? `Last: ${weight.text}.` : ''}
    </Notice>
  );
}
