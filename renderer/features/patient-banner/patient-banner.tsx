import { useState } from 'react';
import type { AllergyItem } from '../../../domain/clinical/allergy-summary.ts';
import type { PatientBanner as BannerWords } from '../../../domain/clinical/banner.ts';
import type { LookAlike } from '../../../domain/clinical/look-alike.ts';
import { Button, Tag } from '../../ui/index.ts';
import { useCommand } from '../../ui/commands/index.ts';
import type { BannerContent } from './banner-of.ts';
import './patient-banner.css';

/**
 * The patient banner of the NHS Common User Interface (PAB-*): fixed, full width; name, date of birth with age,
 * gender, NHS number in that order; allergens always in view, address and telephone fold.
 */
export function PatientBanner({
  content,
  lookAlike,
  clinical = true,
}: {
  readonly content: BannerContent;
  /** People who may be taken for this patient: said here, and what tells them apart is emphasised. */
  readonly lookAlike?: LookAlike;
  /** False at the front desk: allergies and alerts are clinical and are not shown (PAB-0008). */
  readonly clinical?: boolean;
}) {
  const [open, setOpen] = useState(false);
  const toggle = () => {
    setOpen(!open);
  };
  useCommand({
    id: 'banner.contact',
    title: 'Show or hide address and telephone',
    keys: 'Alt+B',
    group: 'Record',
    run: toggle,
  });
  const { banner, alerts } = content;
  return (
    <header
      className="banner"
      aria-label="Patient"
      data-banner-patient={content.patientId}
      data-deceased={banner.deceased ? true : undefined}
      data-look-alike={lookAlike && lookAlike.alert.length > 0 ? true : undefined}
    >
      <div className="banner-identity">
        <h1 className="banner-name" tabIndex={0}>
          {banner.name}
          {banner.preferredName ? (
            <span className="banner-preferred"> known as {banner.preferredName}</span>
          ) : null}
        </h1>
        {banner.deceased ? (
          <>
            <Item item={banner.born} tells />
            <Item item={banner.deceased.died} />
            <Item item={banner.deceased.ageAtDeath} />
          </>
        ) : (
          <Item item={banner.born} after={banner.age === null ? '' : ` (${banner.age})`} tells />
        )}
        <Item item={banner.gender} />
        <Item item={banner.nhsNumber} nowrap tells />
        {content.registration ? (
          <Tag tone="amber">
            {content.registration === 'newborn' ? 'Newborn: not yet matched' : 'Temporary patient'}
          </Tag>
        ) : null}
        {content.noLongerRegistered && !banner.deceased ? (
          <Tag tone="amber">No longer registered here</Tag>
        ) : null}
        {content.temporaryIdentity && content.registration !== 'newborn' ? (
          <Tag tone="amber">Temporary identity: no NHS number</Tag>
        ) : null}
      </div>
      <div className="banner-safety">
        {clinical ? <Allergies content={content} /> : null}
        {lookAlike && lookAlike.alert.length > 0 ? (
          <Tag tone="amber">◆ {lookAlike.alert.join(' ')} Check date of birth and NHS number.</Tag>
        ) : null}
        {clinical && alerts.length > 0 ? (
          <ul className="banner-alerts" aria-label="Alerts">
            {alerts.map((alert, index) => (
              <li key={index}>
                {alert.kind === 'safeguarding' ? (
                  <span className="banner-discreet" title="Safeguarding: see the record" tabIndex={0}>
                    §<span className="spoken">Safeguarding information in the record</span>
                  </span>
                ) : (
                  <Tag tone={alert.kind === 'resuscitation' ? 'danger' : 'amber'}>
                    {alert.kind === 'resuscitation'
                      ? /verify the original/i.test(alert.text)
                        ? alert.text
                        : `${alert.text}: verify the original`
                      : alert.text}
                  </Tag>
                )}
              </li>
            ))}
          </ul>
        ) : null}
        <button type="button" className="banner-toggle" aria-expanded={open} onClick={toggle}>
          Address and telephone <kbd>Alt+B</kbd>
        </button>
      </div>
      {open ? (
        <div className="banner-contact" data-protected={content.protectedPatient || undefined}>
          {lookAlike?.household ? <span className="quiet">{lookAlike.household}</span> : null}
          <Whereabouts content={content} />
        </div>
      ) : null}
    </header>
  );
}

/** Address and telephone; of a protected patient only after one more step, and gone again when the zone folds. */
function Whereabouts({ content }: { readonly content: BannerContent }) {
  const [asked, setAsked] = useState(false);
  const isHere = content.address !== null || content.phones.length > 0;
  if (content.protectedPatient && !asked)
    return (
      <span>
        <strong>Protected patient: address and telephone are not shown.</strong>{' '}
        {isHere ? (
          <Button
            tone="plain"
            onClick={() => {
              setAsked(true);
            }}
          >
            Show them now
          </Button>
        ) : null}
      </span>
    );
  return (
    <>
      <span>
        <span className="banner-label">Address</span> {content.address ?? 'Not recorded'}
      </span>
      <span>
        <span className="banner-label">Telephone</span>{' '}
        {content.phones.length > 0 ? content.phones.join(', ') : 'Not recorded'}
      </span>
    </>
  );
}

function Item({
  item,
  after = '',
  nowrap = false,
  tells = false,
}: {
  readonly item: BannerWords['born'];
  readonly after?: string;
  readonly nowrap?: boolean;
  /** Tells this patient from another of the same name. */
  readonly tells?: boolean;
}) {
  return (
    <span
      className={nowrap ? 'banner-item nowrap' : 'banner-item'}
      data-tells={tells || undefined}
      tabIndex={0}
      aria-label={`${item.label} ${item.spoken}${after}`}
    >
      <span className="banner-label">{item.label}</span>{' '}
      <span className="banner-value">{item.value + after}</span>
    </span>
  );
}

function Allergies({ content }: { readonly content: BannerContent }) {
  const { allergies } = content.banner;
  return (
    <div className="banner-allergies" data-known={allergies.emphasised || undefined} tabIndex={0}>
      {allergies.emphasised ? <span aria-hidden="true">⚠</span> : null}
      <strong>{allergies.heading}</strong>
      <span>{[...allergies.items.map(allergyWords), ...allergies.notes].join(' · ')}</span>
    </div>
  );
}

function allergyWords(item: AllergyItem): string {
  const reactions = item.reactions.length > 0 ? ` (${item.reactions.join(', ')})` : '';
  const doubts = [
    item.severe ? 'severe' : '',
    item.status === 'unconfirmed' ? 'unconfirmed' : '',
    item.canBeChecked ? '' : 'cannot be checked automatically',
  ].filter((word) => word !== '');
  return `${item.agent}${reactions}${doubts.length > 0 ? `, ${doubts.join(', ')}` : ''}`;
}
