import type { RubricField } from './field.js';
import { digitOf, optionsOf, pick } from './options.js';
import { RankingInput } from './ranking-input.js';
import { SpanList } from './span-list.js';

export interface InputProps {
  field: RubricField;
  value: unknown;
  output: unknown;
  isMarked: boolean;
  onChange: (value: unknown) => void;
}

/** Where one question is answered, by its type. */
export function AnswerInput(props: InputProps) {
  switch (props.field.type) {
    case 'RANKING':
      return <RankingInput {...props} />;
    case 'SPANS':
      return <SpanList {...props} />;
    case 'NUMBER':
      return <NumberInput {...props} />;
    case 'TEXT':
      return <TextInput {...props} />;
    default:
      return <Choices {...props} />;
  }
}

function Choices({ field, value, isMarked, onChange }: InputProps) {
  const options = optionsOf(field) ?? [];
  const isChosen = (one: unknown) => (Array.isArray(value) ? value.includes(one) : value === one);
  const chosen = options.filter((option) => isChosen(option.value) && option.guidance);
  const isScale = field.type === 'SCALE';
  return (
    <>
      <div className={isScale ? 'choices scale' : 'choices'}>
        {options.map((option, i) => {
          const digit = digitOf(field, i);
          return (
            <button
              key={String(option.value)}
              type="button"
              className="choice"
              aria-pressed={isChosen(option.value)}
              title={option.guidance ?? (isScale ? option.label : undefined)}
              onClick={() => onChange(pick(field, { [field.name]: value }, i)?.[field.name])}
            >
              {isMarked && digit && !isScale && option.label !== digit && <kbd>{digit}</kbd>}
              {isScale ? String(option.value) : option.label}
            </button>
          );
        })}
      </div>
      {isScale && field.values && <ScaleEnds options={options} chosen={options.find((one) => isChosen(one.value))} />}
      {chosen.map((option) => (
        <p key={String(option.value)} className="quiet meaning">
          {option.guidance}
        </p>
      ))}
    </>
  );
}

/** What the points of a scale are called: its ends, and the one that is chosen. */
function ScaleEnds({
  options,
  chosen,
}: {
  options: { label: string; value: unknown }[];
  chosen?: { label: string; value: unknown } | undefined;
}) {
  const nameOf = (one?: { label: string; value: unknown }) => (one && one.label !== String(one.value) ? one.label : '');
  return (
    <p className="quiet ends">
      <span>{nameOf(options[0])}</span>
      <strong>{chosen !== options[0] && chosen !== options.at(-1) && nameOf(chosen)}</strong>
      <span>{nameOf(options.at(-1))}</span>
    </p>
  );
}

function NumberInput({ field, value, onChange }: InputProps) {
  const range = [field.min !== undefined && `from ${field.min}`, field.max !== undefined && `to ${field.max}`];
  const said = range.filter(Boolean).join(' ');
  return (
    <input
      type="number"
      aria-label={field.label}
      placeholder={said}
      min={field.min}
      max={field.max}
      step={field.step ?? 'any'}
      value={typeof value === 'number' ? value : ''}
      onChange={(event) => onChange(event.target.value === '' ? undefined : Number(event.target.value))}
      onKeyDown={(event) => event.key === 'Escape' && event.currentTarget.blur()}
    />
  );
}

function TextInput({ field, value, onChange }: InputProps) {
  const text = typeof value === 'string' ? value : '';
  const { minLength = 0, maxLength = Number.POSITIVE_INFINITY } = field;
  const left = maxLength - text.length;
  return (
    <>
      <textarea
        rows={2}
        dir="auto"
        aria-label={field.label}
        maxLength={field.maxLength}
        value={text}
        onChange={(event) => onChange(event.target.value === '' ? undefined : event.target.value)}
        onKeyDown={(event) => event.key === 'Escape' && event.currentTarget.blur()}
      />
      {text !== '' && text.length < minLength && <p className="quiet meaning">{minLength - text.length} more needed</p>}
      {left < Math.min(200, maxLength / 5) && <p className="quiet meaning">{left} left</p>}
    </>
  );
}
