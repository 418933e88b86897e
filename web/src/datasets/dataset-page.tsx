import { Link, Route, Switch, useRoute } from 'wouter';

import { Notice } from '../notice.js';
import { Shown, useReading } from '../reading.js';
import { AlikeTab } from './alike-tab.js';
import { CasePage } from './case-page.js';
import { CasesTab } from './cases-tab.js';
import { ConflictsTab } from './conflicts-tab.js';
import { DownloadTab } from './download-tab.js';
import { type Dataset, DatasetQuery } from './operations.js';
import { QuarantineTab } from './quarantine-tab.js';
import { SnapshotsTab } from './snapshots-tab.js';
import { count } from './words.js';

export interface TabProps {
  readonly dataset: Dataset;
  /** Whether the viewer decides, and does not only look on. */
  readonly mayAct: boolean;
  /** The dataset has changed: its counts are read again. */
  readonly onChange: () => Promise<void>;
}

/** One dataset. Each tab has an address of its own. */
export function DatasetPage({ datasetKey, mayAct }: { datasetKey: string; mayAct: boolean }) {
  const reading = useReading(DatasetQuery, { key: datasetKey });
  return (
    <Shown reading={reading}>
      {({ dataset }) =>
        dataset ? (
          <Tabs dataset={dataset} mayAct={mayAct} onChange={reading.again} />
        ) : (
          <Notice title="There is no such dataset">
            <Link href="/manage/datasets">See all datasets</Link>
          </Notice>
        )
      }
    </Shown>
  );
}

function Tabs(props: TabProps) {
  const { dataset, mayAct } = props;
  const { key, name, queues, quarantineCount, conflictCount, caseCount } = dataset;
  const base = `/manage/datasets/${key}`;
  const tabs = [
    { path: '', title: 'Cases', number: caseCount },
    { path: '/waiting', title: 'Waiting', number: quarantineCount },
    { path: '/conflicts', title: 'Conflicts', number: conflictCount },
    { path: '/alike', title: 'Look alike', number: dataset.nearIdenticalCount },
    { path: '/snapshots', title: 'Snapshots', number: dataset.snapshots.length },
    { path: '/use', title: mayAct ? 'Download and CI' : 'CI', number: null },
  ];
  return (
    <main className="manage datasets">
      <header>
        <p className="crumbs">
          <Link href="/manage/datasets">Datasets</Link> /
        </p>
        <h1>{name}</h1>
        <p className="quiet">
          {queues.length > 0 ? `Fed by ${queues.join(', ')}` : 'No queue feeds it'} · {splitOf(dataset)} ·{' '}
          {barOf(dataset)}
        </p>
      </header>
      <nav className="tabs" aria-label={name}>
        {tabs.map(({ path, title, number }) => (
          <TabLink key={title} href={base + path} isFirst={path === ''}>
            {title} {number !== null && <span className="quiet">{number.toLocaleString('en')}</span>}
          </TabLink>
        ))}
      </nav>
      <Switch>
        <Route path={`${base}/cases/:id/:revision?`}>
          {({ id, revision }) => (
            <CasePage {...props} key={id} caseId={id} revision={revision === undefined ? null : Number(revision)} />
          )}
        </Route>
        <Route path={`${base}/waiting`}>
          <QuarantineTab {...props} />
        </Route>
        <Route path={`${base}/conflicts`}>
          <ConflictsTab {...props} />
        </Route>
        <Route path={`${base}/alike`}>
          <AlikeTab {...props} />
        </Route>
        <Route path={`${base}/snapshots/*?`}>
          <SnapshotsTab {...props} />
        </Route>
        <Route path={`${base}/use`}>
          <DownloadTab {...props} />
        </Route>
        <Route path={base}>
          <CasesTab {...props} />
        </Route>
        <Route>
          <p className="empty quiet">There is no such page.</p>
        </Route>
      </Switch>
    </main>
  );
}

function TabLink({ href, isFirst, children }: { href: string; isFirst: boolean; children: React.ReactNode }) {
  const [isHere] = useRoute(isFirst ? href : `${href}/*?`);
  const [isInCase] = useRoute(`${href}/cases/*?`);
  return (
    <Link href={href} aria-current={isHere || (isFirst && isInCase) ? 'page' : undefined}>
      {children}
    </Link>
  );
}

function splitOf({ split: { train, validation, test } }: Dataset): string {
  const parts = Object.entries({ train, validation, test }).filter(([, percent]) => percent > 0);
  return parts.length === 1
    ? `all for ${parts[0]![0]}`
    : parts.map(([name, percent]) => `${percent} % ${name}`).join(', ');
}

/** What a resolved item must have. */
function barOf({ bar }: Dataset): string {
  const asked = [
    ...(bar.verdicts.length < 3 ? [bar.verdicts.map((verdict) => verdict.toLowerCase()).join(' or ')] : []),
    ...(bar.minReviewers > 0 ? [`at least ${count(bar.minReviewers, 'reviewer')}`] : []),
    ...(bar.minAgreement > 0 ? [`agreement ${bar.minAgreement} or more`] : []),
  ];
  if (asked.length === 0) return 'every resolved item becomes a case';
  return `takes ${asked.join(', ')}${bar.adjudicatedPasses ? ', or adjudicated' : ''}`;
}
