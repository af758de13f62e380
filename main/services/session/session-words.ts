import type { BridgeError } from '../../../contract/channels/channel.ts';
import type { TransportFailure } from '../../../domain/sync/transport-failure.ts';
import type { UnlockError, VaultError } from '../vault/vault.ts';
import type { SignInFailure } from './identity-client.ts';

function words(code: string, message: string, remedy?: string): BridgeError {
  return { code, message, lost: 'nothing', ...(remedy !== undefined && { remedy }) };
}

export const sessionWords = {
  notConfigured: words('not-configured', 'No record service is set up yet.', 'Enter its address first.'),
  otherServiceHasWork: words(
    'unsent-work',
    'Work for the present record service has not been sent yet, so the address stays as it is.',
    'Sign in, let it be sent or export it, then change the address.',
  ),
  passphraseShort: words('passphrase-short', 'The passphrase needs at least 12 characters.'),
  pinForm: words('pin-form', 'The PIN needs 4 to 8 digits.'),
  pinWithoutKeystore: words(
    'no-keystore',
    'This computer has no keystore that could guard a PIN.',
    'Go on with the passphrase alone.',
  ),
  notSignedIn: words('not-signed-in', 'This needs an online sign-in first.', 'Sign in, then try again.'),
  signInTooOld: words(
    'sign-in-too-old',
    'For safety this needs a sign-in of the last five minutes.',
    'Sign in again, then set the new passphrase.',
  ),
  noBackup: words(
    'no-backup',
    'The practice holds no key backup of yours for this computer. Nothing was changed.',
    'Try the passphrase again, or ask the practice to release the work that the escrow holds.',
  ),
  diskRefused: words(
    'disk-refused',
    'The disk did not take the change of keys. Nothing was changed.',
    'Free some space, then try again.',
  ),
} as const;

/** A bag that stays closed; whether it holds unsent work cannot be told from outside. */
export function unopenedWords(error: VaultError): BridgeError {
  if (error.code === 'newer-build-needed') {
    return words(
      'newer-build-needed',
      `A bag on this computer was last opened by version ${error.writtenBy} of Gladstone and stays closed in this one.`,
      'Install that version or a newer one.',
    );
  }
  return {
    code: 'damaged',
    message: 'The keys of a bag on this computer cannot be read, so it stays closed. It was left as it is.',
    lost: 'nothing',
    remedy:
      'You may sign in and work. Work that was not sent yet is still in it: delete nothing, and ask support to open it from the escrow.',
  };
}

export function unlockWords(error: UnlockError): BridgeError {
  switch (error.code) {
    case 'unknown-user':
      return words(
        'unknown-user',
        'This person has not signed in on this computer.',
        'Sign in online first.',
      );
    case 'wrong-passphrase':
      return words(
        'wrong-passphrase',
        'The passphrase is not right.',
        'Try again, or sign in online to set a new one.',
      );
    case 'wrong-pin':
      return words(
        'wrong-pin',
        error.triesLeft > 0
          ? `The PIN is not right. ${error.triesLeft} ${error.triesLeft === 1 ? 'try is' : 'tries are'} left.`
          : 'The PIN is not right and is closed now.',
        error.triesLeft > 0 ? undefined : 'Use the passphrase.',
      );
    case 'pin-not-available':
      return words('pin-not-available', 'The PIN cannot open the bag now.', 'Use the passphrase.');
    case 'lease-expired':
      return words(
        'lease-expired',
        'It is too long since the last online sign-in, or the clock of this computer is wrong. Everything is kept, sealed.',
        'Check the clock, or sign in online.',
      );
    case 'revoked':
      return words(
        'revoked',
        'The practice has withdrawn this computer. Everything is kept, sealed.',
        'Ask the practice, then sign in online.',
      );
  }
}

export function signInWords(error: SignInFailure): BridgeError {
  switch (error) {
    case 'unreachable':
      return words(
        'unreachable',
        'The record service does not answer.',
        'Check the address and the network.',
      );
    case 'not-gladstone':
      return words(
        'not-gladstone',
        'What answers at this address is no record service.',
        'Check the address.',
      );
    case 'insecure':
      return words(
        'insecure',
        'The address must begin with https.',
        'Ask the practice for the right address.',
      );
    case 'cancelled':
      return words('cancelled', 'The sign-in was ended before it was complete.');
    case 'refused':
      return words('refused', 'The sign-in was not accepted.', 'Try again.');
  }
}

export function transportWords(error: TransportFailure): BridgeError {
  if (error.kind !== 'status') return signInWords('unreachable');
  return words(
    error.code ?? `status-${error.status}`,
    error.message ?? 'The record service refused this.',
    'Try again later, or ask the practice.',
  );
}
