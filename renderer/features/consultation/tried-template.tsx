import { useState } from 'react';
import type { QuestionnaireKey } from '../../../domain/clinical/questionnaire-scores.ts';
import type { ConsultationTemplate } from '../../../domain/clinical/template.ts';
import { ObservationGrid } from '../observations/index.ts';
import { newId } from '../saving/index.ts';
import { Notice } from '../../ui/index.ts';
import { newNote } from './new-note.ts';
import { NoteEditor } from './note-editor.tsx';
import { Questionnaire } from './questionnaire.tsx';
import { withTemplate } from './templates.ts';

const NOBODY = { ageMonths: null, ageYears: null };

/** A template as it stands in a consultation, about no patient: nothing typed in it is kept anywhere. */
export function TriedTemplate({ template }: { readonly template: ConsultationTemplate }) {
  const [note, setNote] = useState(() => {
    const { lines, ...empty } = newNote();
    return withTemplate({ ...empty, lines: lines.slice(1) }, template, newId);
  });
  return (
    <div className="stack">
      {note.lines.length > 0 ? <NoteEditor note={note} onChange={setNote} /> : null}
      {note.reminders.map((reminder) => (
        <Notice key={reminder} tone="amber">
          {reminder}
        </Notice>
      ))}
      {Object.entries(note.questionnaires).map(([name, answers]) => (
        <Questionnaire
          key={name}
          name={name as QuestionnaireKey}
          answers={answers}
          onAnswers={(next) => {
            setNote({ ...note, questionnaires: { ...note.questionnaires, [name]: next } });
          }}
        />
      ))}
      {note.boxes.length > 0 ? (
        <ObservationGrid
          boxes={note.boxes}
          state={note.observations}
          patient={NOBODY}
          rows={[]}
          series={[]}
          onState={(observations) => {
            setNote({ ...note, observations });
          }}
          onDone={() => undefined}
        />
      ) : null}
    </div>
  );
}
