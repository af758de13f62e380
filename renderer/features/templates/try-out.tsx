import { useState } from 'react';
import type { ConsultationTemplate } from '../../../domain/clinical/template.ts';
import { TriedTemplate } from '../consultation/index.ts';
import { Button, Dialog, Notice } from '../../ui/index.ts';

/** The template as it will be in a consultation, to type in; for no patient, and nothing of it is kept. */
export function TryOut({
  template,
  onClose,
}: {
  readonly template: ConsultationTemplate;
  readonly onClose: () => void;
}) {
  const [shown] = useState(template);
  return (
    <Dialog
      title={`Try out: ${template.label}`}
      size="wide"
      onClose={onClose}
      foot={
        <Button tone="primary" keys="Esc" onClick={onClose}>
          Close
        </Button>
      }
    >
      <Notice>For no patient. Type as in a consultation; nothing is kept.</Notice>
      <TriedTemplate template={shown} />
    </Dialog>
  );
}
