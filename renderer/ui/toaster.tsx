import { createContext, use, useCallback, useMemo, useState, type ReactNode } from 'react';
import { Button } from './button.tsx';
import { Notice, type Tone } from './notice.tsx';

interface Toast {
  readonly id: number;
  readonly tone: Tone;
  readonly words: ReactNode;
}

export interface Toaster {
  /** Goes by itself after 6 s; at most three stand. */
  readonly tell: (words: ReactNode) => void;
  /** Takes good words down at once: what was said of the last save must not be read as the answer to the next. */
  readonly hush: () => void;
  /** Stays until a person closes it: an error is never hidden. */
  readonly warn: (words: ReactNode, tone?: 'amber' | 'danger') => void;
}

const ToasterContext = createContext<Toaster | null>(null);

export function useToaster(): Toaster {
  const toaster = use(ToasterContext);
  if (!toaster) throw new Error('no ToasterProvider above');
  return toaster;
}

let lastId = 0;

export function ToasterProvider({ children }: { readonly children: ReactNode }) {
  const [toasts, setToasts] = useState<readonly Toast[]>([]);
  const close = useCallback((id: number) => {
    setToasts((all) => all.filter((toast) => toast.id !== id));
  }, []);
  const toaster = useMemo<Toaster>(
    () => ({
      tell: (words) => {
        const id = ++lastId;
        setToasts((all) => {
          const kept = all
            .filter((toast) => toast.tone !== 'good')
            .concat(all.filter((toast) => toast.tone === 'good').slice(-2));
          return [...kept, { id, tone: 'good', words }];
        });
        setTimeout(() => {
          close(id);
        }, 6_000);
      },
      hush: () => {
        setToasts((all) => all.filter((toast) => toast.tone !== 'good'));
      },
      warn: (words, tone = 'danger') => {
        const id = ++lastId;
        // The same words again are the same message: it must not fill the screen.
        setToasts((all) => [...all.filter((toast) => toast.words !== words), { id, tone, words }]);
      },
    }),
    [close],
  );
  return (
    <ToasterContext value={toaster}>
      {children}
      <div className="toasts" aria-live="polite">
        {toasts.map((toast) => (
          <Notice
            key={toast.id}
            tone={toast.tone}
            role={toast.tone === 'good' ? 'status' : 'alert'}
            action={
              <Button
                tone="plain"
                aria-label="Close this message"
                onClick={() => {
                  close(toast.id);
                }}
              >
                Close
              </Button>
            }
          >
            {toast.words}
          </Notice>
        ))}
      </div>
    </ToasterContext>
  );
}
