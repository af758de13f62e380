import { displayDate } from '../../../domain/clinical/date-display.ts';
import type { DocumentView } from '../../../domain/record/record-view.ts';
import { Empty, Skeleton, Tag } from '../../ui/index.ts';
import { Nothing } from './nothing.tsx';
import { Marks } from './marks.tsx';
import { useRecordAction } from './record-actions.ts';
import { useRecordView } from './use-record.ts';

const LARGE_BYTES = 5_000_000;

const CONTENT_WORDS: Readonly<Record<DocumentView['content'], string>> = {
  here: 'Content on this computer',
  elsewhere: 'Content only with the service',
  absent: 'No content came with it',
};

export function Documents({ patientId, asAt }: { readonly patientId: string; readonly asAt: string | null }) {
  const act = useRecordAction();
  const { value, error } = useRecordView(patientId, 'documents', asAt);
  if (error) return <Empty>{error}</Empty>;
  if (!value) return <Skeleton label="Opening the documents" lines={6} />;
  if (value.length === 0) return <Nothing>No letters or documents in the data here.</Nothing>;
  return (
    <div className="record-table">
      <table>
        <thead>
          <tr>
            <th scope="col">Date</th>
            <th scope="col">Document</th>
            <th scope="col">Author</th>
            <th scope="col">Content</th>
          </tr>
        </thead>
        <tbody>
          {value.map((document) => (
            <tr key={document.source.key}>
              <td className="nowrap">{displayDate(document.when ?? undefined)}</td>
              <td>
                <button
                  type="button"
                  className="entry-head"
                  onClick={() => {
                    act({ kind: 'open-document', key: document.source.key });
                  }}
                >
                  <strong>{document.title}</strong> {document.type}
                </button>{' '}
                <Marks
                  source={document.source}
                  degraded={document.degraded}
                  origin={document.origin}
                  enteredInError={document.enteredInError}
                />
                {document.description ? <p className="preserve">{document.description}</p> : null}
              </td>
              <td>{document.author}</td>
              <td>
                {CONTENT_WORDS[document.content]}{' '}
                <span className="quiet">
                  {[kindWords(document.contentType), sizeWords(document.size)].filter(Boolean).join(', ')}
                </span>{' '}
                {document.size !== null && document.size > LARGE_BYTES ? (
                  <Tag tone="amber">large: opens slowly</Tag>
                ) : null}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const KIND_WORDS: Readonly<Record<string, string>> = {
  'application/pdf': 'PDF',
  'text/plain': 'text',
  'text/html': 'web page',
  'text/rtf': 'RTF',
  'image/jpeg': 'picture',
  'image/png': 'picture',
  'image/tiff': 'picture (TIFF)',
};

/** The media type as people call it; one that has no such name as it stands. */
function kindWords(contentType: string | null): string | null {
  return contentType === null ? null : (KIND_WORDS[contentType.split(';')[0]?.trim() ?? ''] ?? contentType);
}

function sizeWords(bytes: number | null): string {
  if (bytes === null) return '';
  return bytes < 1_000_000 ? `${Math.ceil(bytes / 1_000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
