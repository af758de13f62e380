/**
 * Medication: one line for each medicine that the patient has or had: a statement with its plan and the orders issued
 * on it. Current and past; disputed ones stand apart and first, and count as current for nobody (sync.md, Conflicts).
 */
import type {
  CodeableConcept,
  MedicationAdministration,
  MedicationRequest,
  MedicationStatement,
  Reference,
} from '@medplum/fhirtypes';
import { displayDate } from '../clinical/date-display.ts';
import { isInUse, isOver, statusWords, type MedicationStatus } from '../clinical/medication-status.ts';
import { addYears, compareCivilDates, parseCivilDate } from '../fhir/civil-date.ts';
import { conceptText } from '../fhir/codeable-concept.ts';
import { localDayOf } from '../fhir/local-time.ts';
import { sortKeyOf } from '../fhir/partial-date.ts';
import { codedText } from './coded-text.ts';
import { noteTexts, originOf } from './entry-view.ts';
import { amountText, doseWords, givenDose, medicineConcept } from './medicine-words.ts';
import { nameOfReference } from './people-words.ts';
import { keyOf, type RecordContents, type Shown } from './record-contents.ts';
import { extensionOf, EXTENSION } from './record-extensions.ts';
import { recordedAlthough } from './recorded-although.ts';
import type { ItemSource, MedicationView } from './record-view.ts';

interface Line {
  readonly statement: Shown<MedicationStatement> | null;
  readonly plan: Shown<MedicationRequest> | null;
  readonly orders: readonly Shown<MedicationRequest>[];
}

/** @param today FHIR date: against it a last issue counts as long ago */
export function medicationList(contents: RecordContents, today: string): readonly MedicationView[] {
  return [
    ...linesOf(contents).map((line) => medicationView(line, contents, today)),
    ...contents.ofType('MedicationAdministration').map((given) => givenView(given, contents, today)),
  ].sort(
    (left, right) =>
      LIST_ORDER[left.list] - LIST_ORDER[right.list] ||
      sortKeyOf(right.lastIssue ?? right.started ?? undefined) -
        sortKeyOf(left.lastIssue ?? left.started ?? undefined) ||
      (left.source.key < right.source.key ? -1 : 1),
  );
}

const LIST_ORDER = { disputed: 0, current: 1, past: 2 } as const;

function linesOf(contents: RecordContents): readonly Line[] {
  const requests = contents.ofType('MedicationRequest');
  const ordersOf = new Map<string, Shown<MedicationRequest>[]>();
  const plans: Shown<MedicationRequest>[] = [];
  const orders: Shown<MedicationRequest>[] = [];
  for (const request of requests) {
    if (isOrder(request.resource)) orders.push(request);
    else plans.push(request);
  }
  const planKeys = new Set<string>(plans.map((plan) => plan.source.key));
  const single: Shown<MedicationRequest>[] = [];
  for (const order of orders) {
    const based = planOf(order.resource);
    if (based === null || !planKeys.has(based)) {
      single.push(order);
      continue;
    }
    const sofar = ordersOf.get(based);
    if (sofar) sofar.push(order);
    else ordersOf.set(based, [order]);
  }
  const stated = new Set<string>();
  const lines: Line[] = [];
  for (const statement of contents.ofType('MedicationStatement')) {
    const based = planOf(statement.resource);
    const versions = plans.filter((plan) => plan.source.key === based);
    if (based !== null) stated.add(based);
    const ordered = based === null ? [] : (ordersOf.get(based) ?? []);
    if (versions.length === 0) lines.push({ statement, plan: null, orders: ordered });
    // A disputed plan gives a line for each of its versions.
    for (const plan of versions) lines.push({ statement, plan, orders: ordered });
  }
  for (const plan of plans) {
    if (!stated.has(plan.source.key)) {
      lines.push({ statement: null, plan, orders: ordersOf.get(plan.source.key) ?? [] });
    }
  }
  for (const order of single) lines.push({ statement: null, plan: order, orders: [order] });
  return lines;
}

function planOf({ basedOn }: { readonly basedOn?: readonly Reference[] }): string | null {
  for (const reference of basedOn ?? []) {
    const key = keyOf(reference.reference);
    if (key !== null) return key;
  }
  return null;
}

function isOrder(request: MedicationRequest): boolean {
  return /order$/.test(request.intent);
}

function medicationView(line: Line, contents: RecordContents, today: string): MedicationView {
  const { statement, plan, orders } = line;
  const parts = [
    ...(statement ? [statement] : []),
    ...(plan ? [plan] : []),
    ...orders.filter((order) => order !== plan),
  ];
  const lead = statement ?? plan;
  if (!lead) throw new Error('a line of medication stands for at least one resource');
  const disputed = parts.find((part) => part.source.disputed !== undefined)?.source;
  const status: MedicationStatus = disputed ? 'Disputed' : statusOf(statement?.resource, plan?.resource);
  const lastIssue = lastIssueOf(line);
  const drug = codedText(
    medicineConcept((statement ?? plan)?.resource ?? lead.resource, contents),
    'Medicine not named',
  );
  const repeat = extensionOf(plan?.resource, EXTENSION.medicationRepeatInformation);
  const part = (url: string): number | null =>
    repeat?.extension?.find((one) => one.url === url)?.valuePositiveInt ??
    repeat?.extension?.find((one) => one.url === url)?.valueUnsignedInt ??
    null;
  const dose = doseWords(plan?.resource.dosageInstruction ?? statement?.resource.dosage);
  const agency =
    extensionOf(plan?.resource, EXTENSION.prescribingOrganizationType) ??
    extensionOf(statement?.resource, EXTENSION.prescribingOrganizationType);
  const source: ItemSource = disputed ?? lead.source;
  return {
    source,
    drug,
    dose: dose.length > 0 ? dose : doseWords(statement?.resource.dosage),
    quantity: amountText((plan ?? orders[0])?.resource.dispenseRequest?.quantity),
    kind: kindOf(statement?.resource, plan?.resource, agency?.valueCodeableConcept),
    status,
    list: disputed ? 'disputed' : isOver(status) ? 'past' : 'current',
    started:
      statement?.resource.effectivePeriod?.start ??
      statement?.resource.effectiveDateTime ??
      plan?.resource.dispenseRequest?.validityPeriod?.start ??
      plan?.resource.authoredOn ??
      null,
    ended: endOf(line),
    ...endingOf(status, endOf(line), today),
    although: recordedAlthough(statement?.resource),
    stopReason:
      conceptText(plan?.resource.statusReason) ??
      statement?.resource.statusReason?.map(conceptText).find((text) => text !== null) ??
      null,
    lastIssue,
    issues: part('numberOfPrescriptionsIssued') ?? orders.length,
    issuesAllowed:
      part('numberOfRepeatPrescriptionsAllowed') ??
      plan?.resource.dispenseRequest?.numberOfRepeatsAllowed ??
      null,
    reviewDue: repeat?.extension?.find((one) => one.url === 'authorisationExpiryDate')?.valueDateTime ?? null,
    longSinceIssue: status === 'Started' && isLongAgo(lastIssue, today),
    prescriber: nameOfReference(
      plan?.resource.requester ?? plan?.resource.recorder ?? statement?.resource.informationSource,
      contents,
      (plan ?? statement)?.resource,
    ),
    prescribingAgency: conceptText(agency?.valueCodeableConcept),
    parts: parts.map((one) => one.source),
    notes: parts.flatMap((one) => noteTexts(one.resource.note)),
    degraded: drug.degraded,
    origin: originOf(lead.resource),
  };
}

/** A medicine given once: current while safety rules count it, past after that. */
function givenView(
  { source, resource }: Shown<MedicationAdministration>,
  contents: RecordContents,
  today: string,
): MedicationView {
  const dose = givenDose(resource.dosage);
  const drug = codedText(medicineConcept(resource, contents), 'Medicine not named');
  const isError = resource.status === 'entered-in-error';
  const given = resource.effectiveDateTime ?? resource.effectivePeriod?.start ?? null;
  const wasGiven = resource.status === 'completed' || resource.status === 'in-progress';
  return {
    source,
    drug,
    dose: dose.length > 0 ? [dose] : [],
    quantity: null,
    kind: 'given here',
    status: isError ? 'Entered in error' : wasGiven ? 'Given' : 'Status not recorded',
    list: source.disputed !== undefined ? 'disputed' : isInUse(resource, today) ? 'current' : 'past',
    started: given,
    ended: null,
    endWords: null,
    endPassed: false,
    although: recordedAlthough(resource),
    stopReason: null,
    lastIssue: given,
    issues: 0,
    issuesAllowed: null,
    reviewDue: null,
    longSinceIssue: false,
    prescriber: nameOfReference(resource.performer?.[0]?.actor, contents, resource),
    prescribingAgency: null,
    parts: [source],
    notes: noteTexts(resource.note),
    degraded: drug.degraded,
    origin: originOf(resource),
  };
}

function endOf({ statement, plan }: Line): string | null {
  return (
    statement?.resource.effectivePeriod?.end ?? plan?.resource.dispenseRequest?.validityPeriod?.end ?? null
  );
}

/** An end that lies ahead is no end yet, and a start is never meant by it. */
function endingOf(
  status: MedicationStatus,
  ended: string | null,
  today: string,
): Pick<MedicationView, 'endWords' | 'endPassed'> {
  const end = ended === null ? null : localDayOf(ended);
  const now = parseCivilDate(today.slice(0, 10));
  if (ended === null) return { endWords: null, endPassed: false };
  const date = displayDate(ended);
  const isAhead = end !== null && now !== null && compareCivilDates(end, now) >= 0;
  if (status === 'Discontinued') return { endWords: `stopped ${date}`, endPassed: false };
  if (isOver(status)) return { endWords: isAhead ? `was to end ${date}` : `ended ${date}`, endPassed: false };
  return isAhead
    ? { endWords: `until ${date}`, endPassed: false }
    : { endWords: `end date ${date}`, endPassed: true };
}

function statusOf(
  statement: MedicationStatement | undefined,
  plan: MedicationRequest | undefined,
): MedicationStatus {
  // The statement is what the patient has; a plan that was stopped under it stops it all the same.
  const statuses = [statement?.status, plan?.status];
  if (statuses.every((status) => status === undefined || status === 'entered-in-error')) {
    return statusWords(statuses.find((status) => status !== undefined));
  }
  if (statuses.includes('stopped') || statuses.includes('cancelled') || statuses.includes('not-taken')) {
    return 'Discontinued';
  }
  return statusWords(statement?.status ?? plan?.status);
}

function kindOf(
  statement: MedicationStatement | undefined,
  plan: MedicationRequest | undefined,
  agency: CodeableConcept | undefined,
): MedicationView['kind'] {
  const codes = new Set(
    [plan?.courseOfTherapyType, statement?.category, ...(plan?.category ?? [])].flatMap(
      (concept) => concept?.coding?.map((coding) => coding.code ?? '') ?? [],
    ),
  );
  const elsewhere = /another organisation|elsewhere|hospital|not prescribed/i.test(conceptText(agency) ?? '');
  if (codes.has('given-elsewhere') || (elsewhere && plan === undefined)) return 'given or taken elsewhere';
  if (codes.has('over-the-counter')) return 'over the counter';
  if (codes.has('repeat-dispensing') || codes.has('continuous-repeat-dispensing')) return 'repeat dispensing';
  if (codes.has('repeat') || codes.has('continuous')) return 'repeat';
  if (codes.has('acute') || codes.has('delayed-prescribing')) return 'acute';
  if (codes.has('patientspecified')) return 'given or taken elsewhere';
  return elsewhere ? 'given or taken elsewhere' : 'not recorded';
}

function lastIssueOf({ statement, orders }: Line): string | null {
  const said = extensionOf(statement?.resource, EXTENSION.lastIssueDate)?.valueDateTime;
  const issued = orders
    .map((order) => order.resource.dispenseRequest?.validityPeriod?.start ?? order.resource.authoredOn)
    .filter((date) => date !== undefined);
  return (
    [...(said === undefined ? [] : [said]), ...issued].sort(
      (left, right) => sortKeyOf(right) - sortKeyOf(left),
    )[0] ?? null
  );
}

/** More than a year before today: the source's `active` then says nothing of the present. */
function isLongAgo(lastIssue: string | null, today: string): boolean {
  const issued = lastIssue === null ? null : localDayOf(lastIssue);
  const now = parseCivilDate(today.slice(0, 10));
  return issued !== null && now !== null && compareCivilDates(addYears(issued, 1), now) < 0;
}
