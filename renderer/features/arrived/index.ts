export { ArrivedCount, ArrivedPanel } from './arrived-panel.tsx';
export { ArrivedProvider } from './arrived-context.tsx';
export { ArrivedHere } from './arrived-here.tsx';
