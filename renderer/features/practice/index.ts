export { PracticeProvider, usePractice, useSwitchedOff } from './practice.tsx';
export { SwitchedOffNotice } from './switched-off.tsx';
export { usePracticeTelephone } from './use-practice-telephone.ts';
export { usePracticeSave, useSettingContext } from './use-practice-save.ts';
