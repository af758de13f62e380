import type { SwitchTarget } from '../../../domain/record/practice-setting.ts';
import { Notice } from '../../ui/index.ts';
import { useSwitchedOff } from './practice.tsx';

/** Stands where the result would: never silently absent (H-039). Nothing while the check is on. */
export function SwitchedOffNotice({
  target,
  name,
}: {
  readonly target: SwitchTarget;
  readonly name: string;
}) {
  const words = useSwitchedOff(target);
  return words === null ? null : (
    <Notice tone="amber" role="status">
      <strong>{name}.</strong> {words}
    </Notice>
  );
}
