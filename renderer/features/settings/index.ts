export { Appearance } from './appearance.tsx';
export { SettingsDialog } from './settings-dialog.tsx';
