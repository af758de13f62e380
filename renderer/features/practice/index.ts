export { PracticeProvider, usePractice, useSwitchedOff } from './practice.tsx';
export { SwitchedOffNotice } from './switched-off.tsx';
export { usePracticeSave, useSettingContext } from './use-practice-save.ts';
