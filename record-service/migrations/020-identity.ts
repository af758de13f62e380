import { protectByOrganisation, recordRole, type Migration } from './migration.ts';

/**
 * Who may come in and with what. The first four tables belong to no organisation: a person signs in before any
 * organisation is known. The rest are an organisation's own.
 */
export const identity: Migration = {
  number: 20,
  name: 'identity',
  up: `
  create table service_secret (
    name text collate "C" primary key,
    value text not null,
    created_at timestamptz not null
  );
  grant select, insert on service_secret to ${recordRole};

  create table oidc_artifact (
    model text collate "C" not null,
    id text collate "C" not null,
    payload text not null,
    grant_id text collate "C",
    uid text collate "C",
    user_code text collate "C",
    expires_at timestamptz,
    primary key (model, id)
  );
  create index oidc_artifact_by_grant on oidc_artifact (grant_id) where grant_id is not null;
  create index oidc_artifact_by_uid on oidc_artifact (model, uid) where uid is not null;
  create index oidc_artifact_by_expiry on oidc_artifact (expires_at) where expires_at is not null;
  grant select, insert, update, delete on oidc_artifact to ${recordRole};

  create table sign_in_account (
    username text collate "C" primary key,
    subject text collate "C" not null unique,
    password_hash text not null,
    organisation text collate "C" not null,
    role text not null,
    practitioner_id text not null,
    name text not null,
    role_expires timestamptz
  );
  grant select, insert, update on sign_in_account to ${recordRole};

  create table sign_in_failure (
    username text collate "C" not null,
    access_point text collate "C" not null,
    failed_at timestamptz not null
  );
  create index sign_in_failure_by_username on sign_in_failure (username, failed_at);
  create index sign_in_failure_by_access_point on sign_in_failure (access_point, failed_at);
  grant select, insert, delete on sign_in_failure to ${recordRole};

  create table device (
    organisation text collate "C" not null,
    device_id text collate "C" not null,
    label text not null,
    enrolled_by text not null,
    enrolled_at timestamptz not null,
    revoked_at timestamptz,
    revoked_by text,
    revoked_reason text,
    primary key (organisation, device_id)
  );
  ${protectByOrganisation('device', 'select, insert, update')}

  create table device_order (
    organisation text collate "C" not null,
    order_id text collate "C" not null,
    device_id text collate "C" not null,
    kind text not null check (kind in ('wipe', 'revoke')),
    issued_by text not null,
    issued_at timestamptz not null,
    done_at timestamptz,
    primary key (organisation, order_id)
  );
  create index device_order_open on device_order (organisation, device_id) where done_at is null;
  ${protectByOrganisation('device_order', 'select, insert, update')}

  create table author_key (
    organisation text collate "C" not null,
    key_id text collate "C" not null,
    device_id text collate "C" not null,
    user_id text collate "C" not null,
    certificate text not null,
    issued_at timestamptz not null,
    primary key (organisation, key_id)
  );
  create index author_key_by_user on author_key (organisation, device_id, user_id);
  ${protectByOrganisation('author_key', 'select, insert')}

  create table escrow_key (
    organisation text collate "C" primary key,
    key_id text not null,
    public_key text not null,
    created_at timestamptz not null
  );
  ${protectByOrganisation('escrow_key', 'select, insert')}
  `,
};
