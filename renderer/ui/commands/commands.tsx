import {
  createContext,
  use,
  useLayoutEffect,
  useMemo,
  useRef,
  useSyncExternalStore,
  type ReactNode,
} from 'react';
import { keysOf } from './key-names.ts';

/** Something a person can do here and now, by key, from the palette, and on the printed list. */
export interface Command {
  readonly id: string;
  readonly title: string;
  /** e.g. `Ctrl+K`; absent: palette only. */
  readonly keys?: string | undefined;
  readonly group: string;
  readonly run: () => void;
  /** Stays in the list, greyed, when false. */
  readonly enabled?: boolean | undefined;
}

class CommandRegistry {
  private readonly commands = new Map<string, Command>();
  private readonly listeners = new Set<() => void>();
  private list: readonly Command[] = [];

  put(command: Command): void {
    this.commands.set(command.id, command);
    this.changed();
  }

  remove(command: Command): void {
    if (this.commands.get(command.id) !== command) return;
    this.commands.delete(command.id);
    this.changed();
  }

  /** The last one registered under these keys wins: the innermost place. */
  byKeys(keys: string): Command | undefined {
    return [...this.commands.values()].findLast(
      (command) => command.keys === keys && command.enabled !== false,
    );
  }

  readonly all = (): readonly Command[] => this.list;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  private changed(): void {
    this.list = [...this.commands.values()];
    for (const listener of this.listeners) listener();
  }
}

const RegistryContext = createContext<CommandRegistry | null>(null);

function useRegistry(): CommandRegistry {
  const registry = use(RegistryContext);
  if (!registry) throw new Error('no CommandProvider above');
  return registry;
}

/** Listens to the window's keys. While a dialogue is open, only what it registers (and the lock) answers. */
export function CommandProvider({ children }: { readonly children: ReactNode }) {
  const registry = useMemo(() => new CommandRegistry(), []);
  useLayoutEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing) return;
      const command = registry.byKeys(keysOf(event));
      if (!command) return;
      const inDialog = document.querySelector('[role="dialog"]') !== null;
      if (inDialog && !command.id.startsWith('dialog.') && command.id !== 'session.lock') return;
      event.preventDefault();
      event.stopPropagation();
      command.run();
    };
    window.addEventListener('keydown', onKey);
    return () => {
      window.removeEventListener('keydown', onKey);
    };
  }, [registry]);
  return <RegistryContext value={registry}>{children}</RegistryContext>;
}

/**
 * Offers a command while the component is there. `run` may change at every render. What is on the screen answers its
 * keys: from the very moment that it stands there, and never with what stood there before.
 */
export function useCommand({ id, title, keys, group, enabled, run }: Command): void {
  const registry = useRegistry();
  const latest = useRef(run);
  useLayoutEffect(() => {
    latest.current = run;
  });
  useLayoutEffect(() => {
    const command: Command = {
      id,
      title,
      keys,
      group,
      enabled,
      run: () => {
        latest.current();
      },
    };
    registry.put(command);
    return () => {
      registry.remove(command);
    };
  }, [registry, id, title, keys, group, enabled]);
}

export function useCommands(): readonly Command[] {
  const registry = useRegistry();
  return useSyncExternalStore(registry.subscribe, registry.all);
}
