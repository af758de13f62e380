import { closeSync, existsSync, mkdirSync, openSync, renameSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { redactFields, redactText } from './redaction.ts';
import type { LogFields } from './redaction.ts';

export type LogLevel = 'info' | 'warn' | 'error';

/** Events by name, with listed fields only. */
export interface Log {
  write(level: LogLevel, event: string, fields?: LogFields): void;
  close(): void;
}

const largest = 2_000_000;

/** Structured lines in `gladstone.log`; the one before stays as `gladstone.1.log`. */
export function openLog(folder: string): Log {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'gladstone.log');
  if (existsSync(file) && statSync(file).size > largest) renameSync(file, join(folder, 'gladstone.1.log'));
  const descriptor = openSync(file, 'a', 0o600);
  const logger = pino(
    { base: null, timestamp: pino.stdTimeFunctions.isoTime },
    {
      write: (line: string) => {
        writeSync(descriptor, line);
      },
    },
  );
  return {
    write(level, event, fields = {}) {
      logger[level]({ event: redactText(event), ...redactFields(fields) });
    },
    close() {
      closeSync(descriptor);
    },
  };
}
