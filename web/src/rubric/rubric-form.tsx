import { AnswerInput } from './answer-input.js';
import { type Labels, type RubricField, withLabel } from './field.js';
import './rubric-form.css';

interface FormProps {
  /** Those that are asked. */
  fields: RubricField[];
  labels: Labels;
  /** What stretches are marked in. */
  output: unknown;
  /** The field that digit keys answer. */
  marked: string | null;
  /** A field whose answer is missing. */
  faulty: string | undefined;
  onMark: (name: string) => void;
  onChange: (labels: Labels, field: RubricField) => void;
}

/** The rubric of the item in hand. 0, false and "" are answers; only an absent label is none. */
export function RubricForm(props: FormProps) {
  return props.fields.map((field) => {
    const isMarked = props.marked === field.name;
    return (
      <fieldset
        key={field.name}
        id={`field-${field.name}`}
        className={`field${isMarked ? ' marked' : ''}${props.faulty === field.name ? ' faulty' : ''}`}
        onFocus={() => props.onMark(field.name)}
      >
        <legend>
          {field.label}
          {field.required && <span className="required"> (required)</span>}
        </legend>
        {field.guidance && <p className="quiet">{field.guidance}</p>}
        <AnswerInput
          field={field}
          value={props.labels[field.name]}
          output={props.output}
          isMarked={isMarked}
          onChange={(value) => props.onChange(withLabel(props.labels, field.name, value), field)}
        />
      </fieldset>
    );
  });
}
