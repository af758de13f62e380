import { useState } from 'react';
import { safetyFactsOf, safetyNews, withOwnWork } from '../../domain/record/changed-since.ts';
import type { RecordView } from '../../domain/record/record-view.ts';
import { Button, Notice } from '../ui/index.ts';

/** Death, allergies, alerts and medication that others changed interrupt the open record until somebody has read them. */
export function ChangedMeanwhile({ record }: { readonly record: RecordView }) {
  const facts = safetyFactsOf(record);
  const [seen, setSeen] = useState(facts);
  const known = withOwnWork(seen, facts, new Set(record.pending.map(({ key }) => key)));
  if (known !== seen) setSeen(known);
  const news = safetyNews(known, facts);
  if (news.length === 0) return null;
  return (
    <Notice
      tone="danger"
      role="alert"
      action={
        <Button
          onClick={() => {
            setSeen(facts);
          }}
        >
          I have read this
        </Button>
      }
    >
      <strong>Changed elsewhere while this record is open.</strong> {news.join('. ')}.
    </Notice>
  );
}
