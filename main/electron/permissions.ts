import type { Session } from 'electron';

/** The whole list. A clipboard write is what "Copy NHS number" needs; everything else is refused. */
const allowed: ReadonlySet<string> = new Set(['clipboard-sanitized-write']);

/** Request *and* check: a permission that is never asked for can still be probed. */
export function restrictPermissions(session: Session): void {
  session.setPermissionRequestHandler((_contents, permission, answer) => {
    answer(allowed.has(permission));
  });
  session.setPermissionCheckHandler((_contents, permission) => allowed.has(permission));
  session.setDevicePermissionHandler(() => false);
  session.setSpellCheckerEnabled(false);
  session.setSpellCheckerDictionaryDownloadURL('http://127.0.0.1:9/');
  session.on('will-download', (event) => {
    event.preventDefault();
  });
}
