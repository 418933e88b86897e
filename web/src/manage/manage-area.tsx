import { type ComponentType, lazy, Suspense } from 'react';
import { Link, Redirect, Route, Switch } from 'wouter';

import { Notice } from '../notice.js';
import type { Who } from '../session.js';
import { mayManage } from './items/use-choices.js';
import './manage.css';
import { type ManagePage, visiblePages } from './pages.js';
import { PausedNotice } from './paused-notice.js';

/** Each page is a chunk of its own and routes what is behind its path by itself. */
const COMPONENTS: Record<ManagePage['path'], ComponentType<{ who: Who }>> = {
  overview: lazy(async () => ({ default: (await import('../overview/overview-page.js')).OverviewPage })),
  datasets: lazy(async () => ({ default: (await import('../datasets/datasets-page.js')).DatasetsPage })),
  items: lazy(async () => ({ default: (await import('./items/items-page.js')).ItemsPage })),
  adjudicate: lazy(async () => ({ default: (await import('./adjudicate/adjudicate-page.js')).AdjudicatePage })),
  queues: lazy(async () => ({ default: (await import('./queues/queues-page.js')).QueuesPage })),
  gold: lazy(async () => ({ default: (await import('./gold/gold-page.js')).GoldPage })),
  policy: lazy(async () => ({ default: (await import('./policy/policy-page.js')).PolicyPage })),
  people: lazy(async () => ({ default: (await import('./people/people-page.js')).PeoplePage })),
};

/** The pages under /manage that this role may see. */
export function ManageArea({ who }: { who: Who }) {
  const pages = visiblePages(who.role);
  const [first] = pages;
  return (
    <Suspense fallback={<main className="notice" aria-busy="true" />}>
      {mayManage(who) && <PausedNotice />}
      <Switch>
        {pages.map(({ path }) => {
          const Page = COMPONENTS[path];
          return (
            <Route key={path} path={`/manage/${path}/*?`}>
              <Page who={who} />
            </Route>
          );
        })}
        <Route path="/manage">{first && <Redirect to={`/manage/${first.path}`} replace />}</Route>
        <Route>
          <Notice title="There is no such page">
            <p>Or your role may not see it.</p>
            <Link href="/">Go to the first page</Link>
          </Notice>
        </Route>
      </Switch>
    </Suspense>
  );
}
