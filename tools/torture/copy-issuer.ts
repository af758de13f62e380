/** Issuer and audience of the tokens that a service copy under load verifies. */
export const copyIssuer = 'https://load.gladstone.example';
