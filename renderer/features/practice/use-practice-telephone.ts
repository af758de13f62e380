import type { Organization } from '@medplum/fhirtypes';
import { parseForView } from '../../../domain/fhir/exact-json.ts';
import { useBagQuery } from '../bag/index.ts';

/** The practice's telephone number; `null` where the records here do not tell. @param odsCode of the practice */
export function usePracticeTelephone(odsCode: string): string | null {
  const { value } = useBagQuery(`telephone ${odsCode}`, async (bag) => {
    const organisations = (await bag.shared(['Organization'])).map(
      ({ text }) => parseForView(text) as Organization,
    );
    // Never another organisation's: an imported record brings hospitals along.
    const own = organisations.find(({ identifier }) => identifier?.some((one) => one.value === odsCode));
    const phone = own?.telecom?.find((one) => one.system === 'phone' && one.use !== 'old');
    return phone?.value ?? null;
  });
  return value ?? null;
}
