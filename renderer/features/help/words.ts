export const TOUR = [
  {
    title: 'Everything is under one key',
    words:
      'Ctrl+K finds patients, actions and entries of the open record. F1 lists every key of the place where you are.',
  },
  {
    title: 'The record stays in view while you write',
    words:
      'F4 opens a consultation beside it, F6 a set of observations. The list of other patients folds away.',
  },
  {
    title: 'Saved means saved',
    words:
      '“Saved on this computer 10:43, waiting to send” is said only when it is safely on this computer’s disk. Sending comes after, by itself.',
  },
  {
    title: 'Offline is a way of working',
    words:
      'The line at the top says since when and what waits. You go on as before; what was saved goes out when the network is back.',
  },
  {
    title: 'Nothing typed is thrown away',
    words: 'Drafts are kept as you type. Escape goes back one step and keeps your words.',
  },
  {
    title: 'Ctrl+L locks at once',
    words: 'Every clinical word leaves the screen; you come back to the same place.',
  },
] as const;

export const IN_THE_BOXES: readonly {
  readonly title: string;
  readonly lines: readonly (readonly [string, string])[];
}[] = [
  {
    title: 'In a consultation',
    lines: [
      ['h Space', 'History (at the beginning of a line)'],
      ['e Space', 'Examination'],
      ['a Space', 'Assessment'],
      ['p Space', 'Plan'],
      ['m Space', 'Medication, read against the allergies'],
      ['Enter', 'New line; keeps free text'],
      ['Tab', 'Takes the highlighted code'],
      ['Ctrl+Enter', 'Review and sign'],
    ],
  },
  {
    title: 'In a set of observations',
    lines: [
      ['128/76', 'Blood pressure'],
      ['+', 'Another blood pressure reading in this set'],
      ['Enter', 'Next box; a second Enter keeps an unusual value'],
      ['u, d, n', 'Unrecordable, declined, not done'],
      ['Ctrl+Enter', 'Save the set'],
    ],
  },
  {
    title: 'In a template being changed',
    lines: [
      ['Alt+↑, Alt+↓', 'Move the item that you are in'],
      ['Alt+Delete', 'Remove it; Alt+Z puts it back'],
      ['Ctrl+Enter', 'Save for the practice'],
    ],
  },
];

export const WORKS_OFFLINE = [
  'Works: surgery list, records on this computer, search, consultations, observations, lists, tasks, registration.',
  'Waits: sending, colleagues’ changes, records that have not arrived, first sign-in on a computer.',
  'An urgent task saved offline has reached nobody: the screen says whom to phone.',
] as const;
