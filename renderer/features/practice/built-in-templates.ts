import asthmaReview from '../../../assets/templates/asthma-review.json' with { type: 'json' };
import chestPain from '../../../assets/templates/chest-pain.json' with { type: 'json' };
import childFever from '../../../assets/templates/child-fever.json' with { type: 'json' };
import diabetesReview from '../../../assets/templates/diabetes-review.json' with { type: 'json' };
import general from '../../../assets/templates/general.json' with { type: 'json' };
import hypertensionReview from '../../../assets/templates/hypertension-review.json' with { type: 'json' };
import medicationReview from '../../../assets/templates/medication-review.json' with { type: 'json' };
import mentalHealth from '../../../assets/templates/mental-health.json' with { type: 'json' };
import { readTemplate, type ConsultationTemplate } from '../../../domain/clinical/template.ts';

/** The templates that ship with the program; a unit test holds each of them to the agreed form. */
export const BUILT_IN_TEMPLATES: readonly ConsultationTemplate[] = [
  general,
  chestPain,
  asthmaReview,
  diabetesReview,
  hypertensionReview,
  mentalHealth,
  childFever,
  medicationReview,
].flatMap((data) => {
  const read = readTemplate(data);
  return read.ok ? [read.value] : [];
});
