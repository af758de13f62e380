import { describe, expect, it } from 'vitest';
import { failure, success } from '../../../../../domain/result.ts';
import { serviceAddress } from '../../../../../main/services/session/identity-client.ts';

describe('the address of the record service', () => {
  it.each([
    ['https://record.example', 'https://record.example'],
    ['https://record.example/practice/', 'https://record.example/practice'],
    ['http://127.0.0.1:8460/', 'http://127.0.0.1:8460'],
    ['http://localhost:8460', 'http://localhost:8460'],
    ['http://[::1]:8460', 'http://[::1]:8460'],
  ])('%s is taken', (typed, address) => {
    expect(serviceAddress(typed)).toEqual(success(address));
  });

  it.each([
    'http://record.example',
    'http://192.168.1.20:8460',
    'http://127.0.0.1.record.example',
    'http://localhost.record.example',
    'ftp://127.0.0.1',
    'file:///tmp/x',
  ])('%s is refused: a record never crosses a network in clear', (typed) => {
    expect(serviceAddress(typed)).toEqual(failure('insecure'));
  });
});
