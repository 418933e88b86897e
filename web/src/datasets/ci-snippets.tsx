import { useState } from 'react';

import { CopyButton } from './copy-button.js';

interface Suite {
  readonly format: string;
  readonly run: (folder: string) => readonly string[];
  readonly results: string;
  /** What else is to be known. */
  readonly note: string;
}

const SUITES: Readonly<Record<string, Suite>> = {
  promptfoo: {
    format: 'promptfoo',
    run: (folder) => [
      `npx promptfoo@0.121.20 eval -c ${folder}/promptfooconfig.yaml \\`,
      '  --providers "file://$PWD/app/provider.cjs" --no-cache -o results.json || true',
    ],
    results: 'results.json',
    note: 'Put your application in place of app/provider.cjs. The exit code of the suite does not decide, the gate does.',
  },
  Inspect: {
    format: 'inspect',
    run: () => ['inspect eval evals/task.py --log-format json --log-dir logs --no-fail-on-error'],
    results: 'logs/*.json',
    note: 'Scores do not change the exit code of Inspect: the gate reads them from its log.',
  },
  DeepEval: {
    format: 'deepeval',
    run: () => ['pytest evals --junitxml=results.xml || true'],
    results: 'results.xml',
    note: 'The export brings test_cases.py, which loads the cases with their ids.',
  },
  Vitest: {
    format: 'jsonl',
    run: () => ['npx vitest run --reporter=junit --outputFile=results.xml || true'],
    results: 'results.xml',
    note: 'Read cases.jsonl and put the id of the case into the name of its test.',
  },
  'Any JUnit': {
    format: 'jsonl',
    run: () => ['your-runner --junit results.xml || true'],
    results: 'results.xml',
    note: 'Any runner that writes JUnit XML: put the id of the case into the name of the test, or into a property case_id.',
  },
};

/** The three lines that a pipeline needs: take the cases, run the suite, decide by what ran. */
export function CiSnippets({ dataset }: { dataset: string }) {
  const [name, setName] = useState('promptfoo');
  const { format, run, results, note } = SUITES[name]!;
  const folder = `evals/${dataset}`;
  const script = [
    `export COUNTERSIGN_URL=${location.origin}`,
    '# A secret of the pipeline: an API key with the scope EXPORT and nothing else.',
    'export COUNTERSIGN_API_KEY=csk_…',
    '',
    `countersign export ${dataset} --format ${format} --out ${folder}`,
    ...run(folder),
    `countersign gate --manifest ${folder}/manifest.json --results ${results}`,
  ].join('\n');
  return (
    <section aria-label="CI">
      <h2>In CI</h2>
      <p className="quiet">
        A mistake that was corrected once does not come back: the gate fails when a case fails, and when one did not
        run.
      </p>
      <div className="filters" role="group" aria-label="Suite">
        {Object.keys(SUITES).map((one) => (
          <button key={one} type="button" aria-pressed={one === name} onClick={() => setName(one)}>
            {one}
          </button>
        ))}
      </div>
      <div className="snippet">
        <pre tabIndex={0} aria-label={`Script for ${name}`}>
          <code>{script}</code>
        </pre>
        <CopyButton key={script} text={script} />
      </div>
      <p className="quiet">{note}</p>
    </section>
  );
}
