/** One question of a rubric, as the service declares it. */
export interface RubricField {
  name: string;
  type: string;
  label?: string;
  guidance?: string;
  required?: boolean;
  options?: (string | { value: string; label?: string })[];
  min?: number;
  max?: number;
  step?: number;
  maxLength?: number;
}

export type Labels = Record<string, unknown>;

/** The rubric of the item in hand. 0, false and "" are answers; only an absent label is none. */
export function RubricForm(props: { fields: RubricField[]; labels: Labels; onChange: (labels: Labels) => void }) {
  const set = (name: string, value: unknown) => {
    const { [name]: _, ...rest } = props.labels;
    props.onChange(value === undefined ? rest : { ...rest, [name]: value });
  };
  return (
    <>
      {props.fields.map((field) => (
        <fieldset key={field.name} className="field">
          <legend>
            {field.label ?? field.name}
            {field.required && <span className="required"> *</span>}
          </legend>
          {field.guidance && <p className="quiet">{field.guidance}</p>}
          <Answer field={field} value={props.labels[field.name]} onChange={(value) => set(field.name, value)} />
        </fieldset>
      ))}
    </>
  );
}

function Answer(props: { field: RubricField; value: unknown; onChange: (value: unknown) => void }) {
  const { field, value, onChange } = props;
  const options = (field.options ?? []).map((option) =>
    typeof option === 'string'
      ? { value: option, label: option }
      : { value: option.value, label: option.label ?? option.value },
  );
  switch (field.type) {
    case 'BOOLEAN':
      return (
        <Choices
          options={[
            { value: true, label: 'Yes' },
            { value: false, label: 'No' },
          ]}
          isChosen={(one) => value === one}
          onPick={(one) => onChange(value === one ? undefined : one)}
        />
      );
    case 'CHOICE':
      return (
        <Choices
          options={options}
          isChosen={(one) => value === one}
          onPick={(one) => onChange(value === one ? undefined : one)}
        />
      );
    case 'CHOICES': {
      const chosen = Array.isArray(value) ? (value as unknown[]) : [];
      return (
        <Choices
          options={options}
          isChosen={(one) => chosen.includes(one)}
          onPick={(one) => onChange(chosen.includes(one) ? chosen.filter((other) => other !== one) : [...chosen, one])}
        />
      );
    }
    case 'NUMBER':
    case 'SCALE':
      return (
        <input
          type="number"
          aria-label={field.label ?? field.name}
          min={field.min}
          max={field.max}
          step={field.step ?? 'any'}
          value={typeof value === 'number' ? value : ''}
          onChange={(event) => onChange(event.target.value === '' ? undefined : Number(event.target.value))}
        />
      );
    default:
      return (
        <textarea
          rows={2}
          aria-label={field.label ?? field.name}
          maxLength={field.maxLength}
          value={typeof value === 'string' ? value : ''}
          onChange={(event) => onChange(event.target.value === '' ? undefined : event.target.value)}
        />
      );
  }
}

function Choices<T extends string | boolean>(props: {
  options: { value: T; label: string }[];
  isChosen: (value: T) => boolean;
  onPick: (value: T) => void;
}) {
  return (
    <div className="choices">
      {props.options.map((option) => (
        <button
          key={String(option.value)}
          type="button"
          className="choice"
          aria-pressed={props.isChosen(option.value)}
          onClick={() => props.onPick(option.value)}
        >
          {option.label}
        </button>
      ))}
    </div>
  );
}
