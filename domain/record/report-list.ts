import { conceptText } from '../fhir/codeable-concept.ts';
import { sortKeyOf } from '../fhir/partial-date.ts';
import { entryView, noteTexts, originOf } from './entry-view.ts';
import { nameOfReference } from './people-words.ts';
import { keyOf, type KnownResources, type RecordContents } from './record-contents.ts';
import type { ShownResource } from './overlay.ts';
import type { EntryView, ReportView } from './record-view.ts';

const INTERIM: ReadonlySet<string> = new Set(['registered', 'partial', 'preliminary']);

/** Reports, newest first, each with its results, specimen and every comment in its place (hazards 20, 23, 62). */
export function reportList(contents: RecordContents): readonly ReportView[] {
  return contents
    .ofType('DiagnosticReport')
    .map(({ source, resource: report }): ReportView => {
      const results = (report.result ?? []).flatMap((reference) => {
        const key = keyOf(reference.reference);
        const versions = key === null ? [] : contents.versionsOf(key);
        return versions.flatMap((version) => [entryView(version, contents), ...membersOf(version, contents)]);
      });
      const specimens = (report.specimen ?? []).flatMap((reference) => {
        const specimen = contents.resolve(reference, 'Specimen', report);
        return specimen
          ? [conceptText(specimen.type) ?? 'Specimen', ...noteTexts(specimen.note)]
          : [reference.display ?? 'A specimen that is not in this copy'];
      });
      return {
        source,
        title: conceptText(report.code) ?? 'Report',
        when: report.effectiveDateTime ?? report.effectivePeriod?.start ?? report.issued ?? null,
        issued: report.issued ?? null,
        status: report.status,
        interim: INTERIM.has(report.status),
        conclusion: [
          ...(report.conclusion === undefined ? [] : [report.conclusion]),
          ...(report.conclusionCode ?? []).map((concept) => conceptText(concept) ?? 'Code without words'),
        ],
        specimen: specimens,
        results,
        notes: [],
        author: nameOfReference(report.performer?.[0] ?? report.resultsInterpreter?.[0], contents, report),
        origin: originOf(report),
      };
    })
    .sort(
      (left, right) =>
        sortKeyOf(right.when ?? undefined) - sortKeyOf(left.when ?? undefined) ||
        (left.source.key < right.source.key ? -1 : 1),
    );
}

/** Members of a panel, each as its own line after it. */
function membersOf(item: ShownResource, contents: RecordContents): readonly EntryView[] {
  if (item.resource.resourceType !== 'Observation') return [];
  const panel = item.resource as unknown as KnownResources['Observation'];
  return (panel.hasMember ?? []).flatMap((reference) => {
    const key = keyOf(reference.reference);
    return key === null ? [] : contents.versionsOf(key).map((member) => entryView(member, contents));
  });
}
