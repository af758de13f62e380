import { useEffect, useState } from 'react';
import { host } from '../../host/index.ts';
import { Button, Notice } from '../../ui/index.ts';

const ACTIVITY_EVERY_MS = 5_000;

/** Tells main of keys and pointers, and shows the warning 60 s before the inactivity lock. */
export function LockWarning() {
  const [seconds, setSeconds] = useState(0);
  useEffect(
    () =>
      host().on('session.lock-warning', (event) => {
        setSeconds(Math.round(event.seconds));
      }),
    [],
  );
  useEffect(() => {
    let last = 0;
    const told = () => {
      const now = performance.now();
      if (last !== 0 && now - last < ACTIVITY_EVERY_MS) return;
      last = now;
      void host().call('session.activity');
    };
    window.addEventListener('keydown', told, true);
    window.addEventListener('pointerdown', told, true);
    return () => {
      window.removeEventListener('keydown', told, true);
      window.removeEventListener('pointerdown', told, true);
    };
  }, []);
  useEffect(() => {
    if (seconds <= 0) return;
    const timer = setTimeout(() => {
      setSeconds(seconds - 1);
    }, 1_000);
    return () => {
      clearTimeout(timer);
    };
  }, [seconds]);
  if (seconds <= 0) return null;
  return (
    <div className="lock-warning" role="alertdialog" aria-label="About to lock">
      <Notice
        tone="amber"
        action={
          <Button
            onClick={() => {
              void host().call('session.activity');
              setSeconds(0);
            }}
          >
            Go on working
          </Button>
        }
      >
        Locks in {seconds} s. Notes, observations, entries and registrations come back as you typed them.
      </Notice>
    </div>
  );
}
