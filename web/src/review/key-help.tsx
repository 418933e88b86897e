import { useState } from 'react';

import { Dialog } from '../dialog.js';
import { hasSingleKeys, setSingleKeys } from '../keys.js';
import './key-help.css';

const KEYS: [string[], string][] = [
  [['C'], 'Confirm: it is right as it stands'],
  [['E'], 'Correct: edit the output'],
  [['Ctrl', 'Enter'], 'Submit the correction, also from inside the text (⌘ Enter on a Mac)'],
  [['R'], 'Reject: it should not have been given at all'],
  [['S'], 'Skip, with a reason if you like or the queue asks for one'],
  [['A'], 'Ask somebody more senior: escalate, with a note'],
  [['U'], 'Undo, for some seconds'],
  [['1', '…', '9'], 'Answer the marked question, or label the words that are selected in the output'],
  [['Alt', '↑ ↓'], 'Move an option of a ranking'],
  [['Q'], 'Mark the next question'],
  [['M'], 'Write a comment'],
  [['I'], 'Show or hide the instructions'],
  [['P'], 'Take a break after this one, or go on'],
  [['Esc'], 'Leave a text field or a dialog'],
  [['?'], 'This list'],
];

export function KeyHelp({ onClose }: { onClose: () => void }) {
  const [isOn, setIsOn] = useState(hasSingleKeys);
  return (
    <Dialog title="Keys" onClose={onClose}>
      <dl className="keys">
        {KEYS.map(([keys, meaning]) => (
          <div key={meaning}>
            <dt>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
      <label className="check">
        <input
          type="checkbox"
          checked={isOn}
          onChange={({ target }) => {
            setSingleKeys(target.checked);
            setIsOn(target.checked);
          }}
        />
        Single keys are on
      </label>
      <form method="dialog">
        <button type="submit">Close</button>
      </form>
    </Dialog>
  );
}
