/**
 * PHQ-9 and GAD-7: items 0 to 3. Sources: Kroenke, Spitzer, Williams 2001 (PHQ-9) and Spitzer et al. 2006 (GAD-7);
 * severity bands as published. Incomplete gives no total; PHQ-9 item 9 above 0 alerts whatever the total.
 */
export type QuestionnaireKey = 'phq9' | 'gad7';

export type QuestionnaireDefinition = {
  readonly key: QuestionnaireKey;
  readonly label: string;
  readonly stem: string;
  readonly items: readonly string[];
  readonly answers: readonly string[];
  /** lowest total of each band */
  readonly bands: readonly { readonly from: number; readonly words: string }[];
  /** number (from 0) of the item that alerts when it is above 0 */
  readonly alertItem: number | null;
};

const ANSWERS = ['Not at all', 'Several days', 'More than half the days', 'Nearly every day'] as const;

export const QUESTIONNAIRES: Readonly<Record<QuestionnaireKey, QuestionnaireDefinition>> = {
  phq9: {
    key: 'phq9',
    label: 'PHQ-9',
    stem: 'Over the last 2 weeks, how often have you been bothered by any of the following problems?',
    items: [
      'Little interest or pleasure in doing things',
      'Feeling down, depressed, or hopeless',
      'Trouble falling or staying asleep, or sleeping too much',
      'Feeling tired or having little energy',
      'Poor appetite or overeating',
      'Feeling bad about yourself, or that you are a failure or have let yourself or your family down',
      'Trouble concentrating on things, such as reading the newspaper or watching television',
      'Moving or speaking so slowly that other people could have noticed, or the opposite: being so fidgety or restless that you have been moving around a lot more than usual',
      'Thoughts that you would be better off dead, or of hurting yourself in some way',
    ],
    answers: ANSWERS,
    bands: [
      { from: 0, words: 'None or minimal' },
      { from: 5, words: 'Mild' },
      { from: 10, words: 'Moderate' },
      { from: 15, words: 'Moderately severe' },
      { from: 20, words: 'Severe' },
    ],
    alertItem: 8,
  },
  gad7: {
    key: 'gad7',
    label: 'GAD-7',
    stem: 'Over the last 2 weeks, how often have you been bothered by any of the following problems?',
    items: [
      'Feeling nervous, anxious or on edge',
      'Not being able to stop or control worrying',
      'Worrying too much about different things',
      'Trouble relaxing',
      'Being so restless that it is hard to sit still',
      'Becoming easily annoyed or irritable',
      'Feeling afraid as if something awful might happen',
    ],
    answers: ANSWERS,
    bands: [
      { from: 0, words: 'None or minimal' },
      { from: 5, words: 'Mild' },
      { from: 10, words: 'Moderate' },
      { from: 15, words: 'Severe' },
    ],
    alertItem: null,
  },
};

export type QuestionnaireResult = {
  /** null while any item is unanswered */
  readonly total: number | null;
  readonly band: string | null;
  /** numbers from 1, as people count them */
  readonly unanswered: readonly number[];
  readonly alert: string | null;
  readonly words: string;
};

/** @param answers one of 0 to 3 an item, null where not answered; anything else counts as not answered */
export function scoreQuestionnaire(
  key: QuestionnaireKey,
  answers: readonly (number | null)[],
): QuestionnaireResult {
  const { label, items, bands, alertItem } = QUESTIONNAIRES[key];
  const values = items.map((_item, at) => {
    const answer = answers[at];
    return answer === 0 || answer === 1 || answer === 2 || answer === 3 ? answer : null;
  });
  const unanswered = values.flatMap((value, at) => (value === null ? [at + 1] : []));
  const alerting = alertItem === null ? null : (values[alertItem] ?? null);
  const alert =
    alerting !== null && alerting > 0
      ? 'Thoughts of being better off dead or of self-harm: assess the risk now, whatever the total.'
      : null;
  if (unanswered.length > 0) {
    return {
      total: null,
      band: null,
      unanswered,
      alert,
      words: `${label} incomplete: item ${unanswered.join(', ')} not answered`,
    };
  }
  const total = values.reduce<number>((sum, value) => sum + (value ?? 0), 0);
  const band = bands.findLast(({ from }) => total >= from)?.words ?? null;
  return {
    total,
    band,
    unanswered,
    alert,
    words: `${label} ${total} of ${items.length * 3}: ${band?.toLowerCase() ?? ''}`,
  };
}
