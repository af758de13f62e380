import { Component, type ErrorInfo, type ReactNode } from 'react';
import { host } from '../host/index.ts';
import { Button, Notice } from '../ui/index.ts';

/** A part of the window that failed says so and can be tried again; what was typed is in its draft. */
export class ErrorBoundary extends Component<
  { readonly where: string; readonly children: ReactNode },
  { readonly failed: boolean }
> {
  override state = { failed: false };

  static getDerivedStateFromError() {
    return { failed: true };
  }

  override componentDidCatch(error: unknown, info: ErrorInfo) {
    // A name and a place, never a message: messages may hold content.
    const code = error instanceof Error ? error.name : 'unknown';
    const component = /at (\w+)/.exec(info.componentStack ?? '')?.[1] ?? 'unknown';
    void host().call('crash.report', {
      code: code.slice(0, 80),
      where: `${this.props.where}/${component}`.slice(0, 200),
    });
  }

  override render() {
    if (!this.state.failed) return this.props.children;
    return (
      <Notice
        tone="danger"
        role="alert"
        action={
          <Button
            onClick={() => {
              this.setState({ failed: false });
            }}
          >
            Try again
          </Button>
        }
      >
        <strong>This part of the screen failed.</strong> Nothing that was saved is lost, and what you typed is
        kept as a draft up to the last second or two. Try again; if it fails again, lock and unlock.
      </Notice>
    );
  }
}
