import { withProblemToggled, type Meaning, type NoteLine } from './note.ts';
import { meantWords } from './meant-words.ts';
import { Button } from '../../ui/index.ts';

const MEANINGS: readonly { readonly meaning: Meaning; readonly label: string }[] = [
  { meaning: 'past', label: 'Past' },
  { meaning: 'suspected', label: 'Suspected' },
  { meaning: 'family', label: 'Family history' },
];

/** The code beside the words, and how it is meant: each one key away, none by default. */
export function CodeLine({
  line,
  onChange,
}: {
  readonly line: NoteLine;
  readonly onChange: (line: NoteLine) => void;
}) {
  const { code } = line;
  if (!code) return null;
  const mayBeProblem = line.meaning !== 'family';
  return (
    <div className="code-line">
      <span className="code-term">{meantWords(line.meaning, code.term)}</span>
      {mayBeProblem ? (
        <Button
          keys="Ctrl+B"
          className={line.problem === 'no' ? 'problem-no' : 'problem-yes'}
          onClick={() => {
            onChange(withProblemToggled(line));
          }}
        >
          Problem list: {line.problem === 'no' ? 'no' : 'yes'}
        </Button>
      ) : null}
      {line.problem === 'no'
        ? null
        : (['significant', 'minor'] as const).map((significance) => (
            <Button
              key={significance}
              aria-pressed={line.problem === significance}
              onClick={() => {
                onChange({ ...line, problem: significance });
              }}
            >
              {significance === 'minor' ? 'Minor' : 'Significant'}
            </Button>
          ))}
      {MEANINGS.map(({ meaning, label }) => (
        <Button
          key={meaning}
          aria-pressed={line.meaning === meaning}
          onClick={() => {
            onChange({
              ...line,
              meaning: line.meaning === meaning ? 'present' : meaning,
              problem: meaning === 'family' ? 'no' : line.problem,
            });
          }}
        >
          {label}
        </Button>
      ))}
      {(['new', 'ongoing'] as const).map((episode) => (
        <Button
          key={episode}
          aria-pressed={line.episode === episode}
          onClick={() => {
            onChange({ ...line, episode: line.episode === episode ? null : episode });
          }}
        >
          {episode === 'new' ? 'New' : 'Ongoing'}
        </Button>
      ))}
      <Button
        tone="plain"
        aria-label={`Words only: take the code ${code.term} away`}
        onClick={() => {
          onChange({
            ...line,
            code: null,
            problem: 'no',
            meaning: 'present',
            episode: null,
            text: line.text === '' ? code.term : line.text,
          });
        }}
      >
        Words only
      </Button>
    </div>
  );
}
