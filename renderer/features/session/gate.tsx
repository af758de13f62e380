import type { ReactNode } from 'react';
import { LEGAL_NOTICE } from './words.ts';
import './gate.css';

/** The page before the workspace: name, one task, the legal notice. */
export function Gate({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <main className="gate">
      <div className="gate-bar">
        <span className="gate-name">Gladstone</span>
        <span>The doctor’s bag</span>
      </div>
      <div className="gate-sheet">
        <h1>{title}</h1>
        {children}
      </div>
      <p className="gate-legal" role="note">
        <strong>Legal notice.</strong> {LEGAL_NOTICE}
      </p>
    </main>
  );
}
