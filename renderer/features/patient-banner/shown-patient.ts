/**
 * Whose banner stands on the screen, read from the screen itself (I14). `null` where there is none or more than
 * one: then nothing may be saved.
 */
export function patientOnBanner(): string | null {
  const banners = document.querySelectorAll<HTMLElement>('[data-banner-patient]');
  return banners.length === 1 ? (banners[0]?.dataset['bannerPatient'] ?? null) : null;
}
