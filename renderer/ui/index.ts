export { Button } from './button.tsx';
export { Dialog } from './dialog.tsx';
export { Empty, Notice, Skeleton, Tag, type Tone } from './notice.tsx';
export { SelectField, TextAreaField, TextField } from './field.tsx';
export { ToasterProvider, useToaster } from './toaster.tsx';
export { useChosenLine } from './chosen-line.ts';
export { useOptionKeys } from './option-keys.ts';
export { localInstant, useNow } from './clock.ts';
