import { createRoot } from 'react-dom/client';
import { App } from './app/app.tsx';
import './ui/styles/tokens.css';
import './ui/styles/base.css';
import './ui/styles/controls.css';
import './ui/styles/print.css';

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no root');
createRoot(root).render(<App />);
