import type { Patient } from '@medplum/fhirtypes';
import { displayDate, displayTime } from '../../../domain/clinical/date-display.ts';
import { conceptText } from '../../../domain/fhir/codeable-concept.ts';
import type { bannerOfRecord } from '../patient-banner/index.ts';

export type BannerContent = ReturnType<typeof bannerOfRecord>;

/** Who hands over. */
export interface HandoverFrom {
  readonly name: string;
  readonly role: string;
  readonly organisation: string;
  readonly telephone: string | null;
}

/** On every page: what it is, of when, whose, and who wrote it when. It stays low, or Chromium repeats it nowhere. */
export function PaperHead({
  content: { banner },
  stamp,
  from,
  now,
}: {
  readonly content: BannerContent;
  readonly stamp: string;
  readonly from: HandoverFrom;
  readonly now: string;
}) {
  const { born, age, deceased, gender, nhsNumber } = banner;
  const items = [born, ...(deceased ? [deceased.died, deceased.ageAtDeath] : []), gender, nhsNumber];
  return (
    <div className="handover-head">
      <p className="handover-title">
        <strong>Handover to ambulance or hospital</strong>
        <strong>{stamp}</strong>
      </p>
      <p className="handover-identity">
        <strong className="handover-name">
          {banner.name}
          {banner.preferredName ? (
            <span className="handover-known-as"> known as {banner.preferredName}</span>
          ) : null}
        </strong>
        {items.map((item) => (
          <span key={item.label} className="nowrap">
            {item.label}{' '}
            <strong>{item === born && age !== null ? `${item.value} (${age})` : item.value}</strong>
          </span>
        ))}
      </p>
      <p className="handover-from">
        Written <strong>{`${displayTime(now) ?? ''} ${displayDate(now)}`}</strong> by{' '}
        <strong>{from.name}</strong>, {from.role}, {from.organisation}, tel.{' '}
        {from.telephone === null ? 'not known here' : <strong className="nowrap">{from.telephone}</strong>}
      </p>
    </div>
  );
}

/** Where the patient lives and whom to ask; of a protected patient none of it is on paper (H-034). */
export function Whereabouts({
  content,
  contacts,
  mark,
}: {
  readonly content: BannerContent;
  /** `null` where they are not known here: the record has not arrived. */
  readonly contacts: Patient['contact'] | null;
  /** That the demographics as shown were not sent. */
  readonly mark: string | null;
}) {
  if (content.protectedPatient)
    return (
      <p>
        <strong>Protected patient:</strong> address, telephone and contacts are not put on paper. Ask the
        patient, or telephone whoever wrote this.
      </p>
    );
  const people = (contacts ?? []).map(contactWords).filter((words) => words !== '');
  return (
    <dl className="handover-facts">
      <dt>Address</dt>
      <dd>{content.address ?? 'Not recorded'}</dd>
      <dt>Telephone</dt>
      <dd>{content.phones.length > 0 ? content.phones.join(', ') : 'Not recorded'}</dd>
      <dt>Next of kin, contact</dt>
      <dd>
        {people.length > 0
          ? people.join('; ')
          : contacts === null
            ? 'Not in what is here'
            : 'Not recorded in the data here'}
      </dd>
      {mark === null ? null : (
        <>
          <dt>Demographics</dt>
          <dd>
            <strong>◷ {mark}</strong>
          </dd>
        </>
      )}
    </dl>
  );
}

function contactWords({
  name,
  relationship,
  telecom,
  organization,
}: NonNullable<Patient['contact']>[number]): string {
  const person =
    name?.text ?? [...(name?.prefix ?? []), ...(name?.given ?? []), name?.family].filter(Boolean).join(' ');
  const numbers = (telecom ?? []).flatMap(({ system, use, value }) =>
    system === 'phone' && use !== 'old' && value ? [value] : [],
  );
  const relations = (relationship ?? []).map(conceptText).filter((words) => words !== null);
  return [person, ...relations, organization?.display, ...numbers].filter(Boolean).join(', ');
}
