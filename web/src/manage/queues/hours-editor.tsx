import { useId } from 'react';

import { type Fault, faultsAt } from '../use-plan.js';
import { DAYS, type HoursDraft, nameOf, newHours } from './deadline-draft.js';
import { Faults } from './setting.js';
import { plainly } from './settings.js';

interface Props {
  hours: HoursDraft | null;
  faults: Fault[];
  onChange: (hours: HoursDraft | null) => void;
}

/** When the people of the queue work: only that time counts for deadlines. */
export function HoursEditor({ hours, faults, onChange }: Props) {
  return (
    <fieldset className="sub-part">
      <legend>What time counts</legend>
      <div className="row">
        <label className="check-row">
          <input type="radio" name="hours" checked={hours === null} onChange={() => onChange(null)} />
          Always
        </label>
        <label className="check-row">
          <input type="radio" name="hours" checked={hours !== null} onChange={() => onChange(hours ?? newHours())} />
          Only opening hours
        </label>
      </div>
      {hours && <Week hours={hours} faults={faults} onChange={onChange} />}
    </fieldset>
  );
}

function Week({ hours, faults, onChange }: { hours: HoursDraft; faults: Fault[]; onChange: Props['onChange'] }) {
  const id = useId();
  const at = (...path: (string | number)[]) => faultsAt(faults, 'queues', 0, 'hours', ...path);
  const ofWeek = at('week').filter(({ path }) => path.length === 4);
  const monday = hours.week.monday;
  const asMonday = () =>
    onChange({
      ...hours,
      week: { ...hours.week, tuesday: monday, wednesday: monday, thursday: monday, friday: monday },
    });
  return (
    <>
      <div className="settings">
        <div className="setting">
          <label htmlFor={`${id}-zone`}>Time zone</label>
          <input
            id={`${id}-zone`}
            value={hours.zone}
            list={`${id}-zones`}
            spellCheck={false}
            aria-invalid={at('zone').length > 0}
            aria-describedby={`${id}-zone-hint`}
            onChange={({ target }) => onChange({ ...hours, zone: target.value })}
          />
          <datalist id={`${id}-zones`}>
            {Intl.supportedValuesOf('timeZone').map((zone) => (
              <option key={zone} value={zone} />
            ))}
          </datalist>
          <p id={`${id}-zone-hint`} className="hint">
            Shifts are by the clock on the wall there, summer and winter.
          </p>
          <Faults messages={at('zone').map((fault) => plainly(fault))} />
        </div>
        <div className="setting">
          <label htmlFor={`${id}-holidays`}>Holidays</label>
          <input
            id={`${id}-holidays`}
            value={hours.holidays}
            placeholder="2026-12-25, 2027-01-01"
            spellCheck={false}
            aria-invalid={at('holidays').length > 0}
            aria-describedby={`${id}-holidays-hint`}
            onChange={({ target }) => onChange({ ...hours, holidays: target.value })}
          />
          <p id={`${id}-holidays-hint`} className="hint">
            Dates on which no shift begins, separated by commas.
          </p>
          <Faults messages={at('holidays').map((fault) => plainly(fault))} />
        </div>
      </div>
      <p className="hint" id={`${id}-shifts`}>
        Shifts like 09:00-12:00, 13:00-17:00. One that ends before it begins, as 22:00-06:00, ends on the next day.
      </p>
      <div className="week">
        {DAYS.map((day) => (
          <div key={day} className="day">
            <label htmlFor={`${id}-${day}`}>{nameOf(day)}</label>
            <input
              id={`${id}-${day}`}
              value={hours.week[day]}
              placeholder="closed"
              spellCheck={false}
              aria-invalid={at('week', day).length > 0}
              aria-describedby={`${id}-shifts`}
              onChange={({ target }) => onChange({ ...hours, week: { ...hours.week, [day]: target.value } })}
            />
            {day === 'monday' && (
              <button type="button" className="link" onClick={asMonday}>
                Same until Friday
              </button>
            )}
            <Faults messages={at('week', day).map((fault) => plainly(fault))} />
          </div>
        ))}
      </div>
      <Faults
        messages={[
          ...(ofWeek.length > 0
            ? ['It is never open, so nothing would ever be due. Write a shift, or choose “Always”.']
            : []),
          ...at().flatMap((fault) => (fault.path.length === 3 ? [plainly(fault)] : [])),
        ]}
      />
    </>
  );
}
