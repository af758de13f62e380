import { useEffect } from 'react';
import { Button, Notice } from '../../ui/index.ts';
import { useCommand } from '../../ui/commands/index.ts';
import { useArrived } from './arrived-context.tsx';
import { ArrivedWords } from './arrived-panel.tsx';

/** In the open record: what came since one last looked, until it is marked as read by a key. */
export function ArrivedHere({ patientId }: { readonly patientId: string }) {
  const { patients, opened, read } = useArrived();
  const news = patients.find((one) => one.patientId === patientId);
  useEffect(() => {
    void opened(patientId);
    // eslint-disable-next-line react-hooks/exhaustive-deps -- once for each record that is opened
  }, [patientId]);
  useCommand({
    id: 'arrived.read',
    title: 'Mark what arrived in this record as read',
    keys: 'Alt+F',
    group: 'Record',
    enabled: news !== undefined,
    run: () => void read(patientId),
  });
  if (!news) return null;
  return (
    <Notice
      tone={news.entries.some(({ abnormal }) => abnormal) ? 'danger' : 'amber'}
      role="status"
      action={
        <Button keys="Alt+F" onClick={() => void read(patientId)}>
          Mark as read
        </Button>
      }
    >
      <strong>Arrived since you last looked.</strong> <ArrivedWords entries={news.entries} />
    </Notice>
  );
}
