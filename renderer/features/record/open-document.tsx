import type { DocumentReference } from '@medplum/fhirtypes';
import { displayDate } from '../../../domain/clinical/date-display.ts';
import { parseForView } from '../../../domain/fhir/exact-json.ts';
import { documentContent } from '../../../domain/record/document-content.ts';
import { useBagQuery } from '../bag/index.ts';
import { Button, Dialog, Notice, Skeleton } from '../../ui/index.ts';
import { DocumentPaper } from './document-paper.tsx';
import { useRecordAction } from './record-actions.ts';

/** A letter or an attachment, opened inside: words, PDF or picture; else why not and what to do. */
export function OpenDocument({
  patientId,
  entryKey,
  whose,
  onClose,
}: {
  readonly patientId: string;
  readonly entryKey: string;
  readonly whose: string;
  readonly onClose: () => void;
}) {
  const act = useRecordAction();
  const { value: document } = useBagQuery(`document ${entryKey}`, async (bag) => {
    const shown = await bag.resource(patientId, entryKey);
    return shown ? (parseForView(shown.text) as DocumentReference) : null;
  });
  const title =
    document?.content[0]?.attachment.title ?? document?.description ?? document?.type?.text ?? 'Document';
  const content = document ? documentContent(document) : null;
  return (
    <Dialog
      title={title}
      aside={<strong>{whose}</strong>}
      size="wide"
      onClose={onClose}
      foot={
        <>
          <Button
            onClick={() => {
              act({ kind: 'provenance', key: entryKey });
            }}
          >
            Where it comes from
          </Button>
          <Button keys="Esc" onClick={onClose}>
            Close
          </Button>
        </>
      }
    >
      <div className="stack">
        {document === undefined ? <Skeleton label="Opening the document" lines={8} /> : null}
        {document === null ? (
          <Notice tone="amber">This document is not in the data on this computer any more.</Notice>
        ) : null}
        {document ? (
          <p className="quiet">
            {displayDate(document.date)} {document.author?.[0]?.display}
          </p>
        ) : null}
        {content?.kind === 'message' ? <Notice tone="amber">{content.words}</Notice> : null}
        {content && content.kind !== 'message' ? <DocumentPaper content={content} title={title} /> : null}
      </div>
    </Dialog>
  );
}
