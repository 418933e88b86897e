import './rubric-form.css';

/** One question of a rubric, as the service declares it. */
export interface RubricField {
  name: string;
  type: string;
  label: string;
  guidance?: string;
  required?: boolean;
  options?: (string | Option<string>)[];
  min?: number;
  max?: number;
  step?: number;
  maxLength?: number;
}

interface Option<Value> {
  value: Value;
  label: string;
  guidance?: string;
}

export type Labels = Record<string, unknown>;

interface FormProps {
  fields: RubricField[];
  labels: Labels;
  /** The field that digit keys answer. */
  marked: string | null;
  /** A field whose answer is missing. */
  faulty: string | undefined;
  onMark: (name: string) => void;
  onChange: (labels: Labels) => void;
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
        <Answer
          field={field}
          value={props.labels[field.name]}
          isMarked={isMarked}
          onChange={(value) => props.onChange(withLabel(props.labels, field.name, value))}
        />
      </fieldset>
    );
  });
}

function withLabel(labels: Labels, name: string, value: unknown): Labels {
  const { [name]: _, ...rest } = labels;
  return value === undefined ? rest : { ...rest, [name]: value };
}

/** What can be picked in a field; null where something is typed. */
function optionsOf(field: RubricField): Option<string | boolean | number>[] | null {
  switch (field.type) {
    case 'BOOLEAN':
      return [
        { value: true, label: 'Yes' },
        { value: false, label: 'No' },
      ];
    case 'CHOICE':
    case 'CHOICES':
      return (field.options ?? []).map((one) => (typeof one === 'string' ? { value: one, label: one } : one));
    case 'SCALE': {
      const min = field.min ?? 1;
      return Array.from({ length: (field.max ?? 5) - min + 1 }, (_, i) => ({ value: min + i, label: String(min + i) }));
    }
    default:
      return null;
  }
}

/** The labels after option number `index` of a field was picked, or was let go again. Null if there is none. */
export function pick(field: RubricField, labels: Labels, index: number): Labels | null {
  const option = optionsOf(field)?.[index];
  if (!option) return null;
  const value = labels[field.name];
  if (field.type !== 'CHOICES') return withLabel(labels, field.name, value === option.value ? undefined : option.value);
  const chosen = Array.isArray(value) ? (value as unknown[]) : [];
  const next = chosen.includes(option.value) ? chosen.filter((one) => one !== option.value) : [...chosen, option.value];
  return withLabel(labels, field.name, next);
}

function Answer(props: { field: RubricField; value: unknown; isMarked: boolean; onChange: (value: unknown) => void }) {
  const { field, value, onChange } = props;
  const options = optionsOf(field);
  if (options) {
    const isChosen = (one: unknown) => (Array.isArray(value) ? value.includes(one) : value === one);
    return (
      <div className={field.type === 'SCALE' ? 'choices scale' : 'choices'}>
        {options.map((option, i) => (
          <button
            key={String(option.value)}
            type="button"
            className="choice"
            aria-pressed={isChosen(option.value)}
            title={option.guidance}
            onClick={() => onChange(pick(field, { [field.name]: value }, i)?.[field.name])}
          >
            {props.isMarked && i < 9 && String(option.label) !== String(i + 1) && <kbd>{i + 1}</kbd>}
            {option.label}
          </button>
        ))}
      </div>
    );
  }
  if (field.type === 'NUMBER') {
    return (
      <input
        type="number"
        aria-label={field.label}
        min={field.min}
        max={field.max}
        step={field.step ?? 'any'}
        value={typeof value === 'number' ? value : ''}
        onChange={(event) => onChange(event.target.value === '' ? undefined : Number(event.target.value))}
      />
    );
  }
  return (
    <textarea
      rows={2}
      aria-label={field.label}
      maxLength={field.maxLength}
      value={typeof value === 'string' ? value : ''}
      onChange={(event) => onChange(event.target.value === '' ? undefined : event.target.value)}
    />
  );
}
