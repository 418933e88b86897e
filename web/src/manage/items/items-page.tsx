import { useState } from 'react';
import { Route, Switch, useLocation, useSearch } from 'wouter';

import type { Who } from '../../session.js';
import '../items.css';
import '../parts.css';
import { Empty, Trouble, Waiting } from '../states.js';
import { ActionDialog, type BulkKind } from './action-dialog.js';
import type { Target } from './actions.js';
import { addressOf, type Filter, readFilter, toItemFilter } from './filter.js';
import { FilterBar } from './filter-bar.js';
import { ItemPage } from './item-page.js';
import { ItemTable } from './item-table.js';

import { type Choices, mayManage, useChoices } from './use-choices.js';
import { useItems } from './use-items.js';

/** Every item of the project: searched, worked on in bulk, and each with its history. */
export function ItemsPage({ who }: { who: Who }) {
  return (
    <Switch>
      <Route path="/manage/items/:id">{({ id }) => <ItemPage key={id} id={id} who={who} />}</Route>
      <Route>
        <ItemList who={who} />
      </Route>
    </Switch>
  );
}

function ItemList({ who }: { who: Who }) {
  const { filter, faults } = readFilter(useSearch());
  const [, go] = useLocation();
  const choices = useChoices(who);
  const items = useItems(faults.length > 0 ? null : filter);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [isWholeSearch, setIsWholeSearch] = useState(false);
  const [open, setOpen] = useState<BulkKind | null>(null);
  const { rows, total, missed } = items;
  const shown = rows?.filter(({ id }) => chosen.has(id)) ?? [];
  const choose = (next: ReadonlySet<string>) => {
    setChosen(next);
    setIsWholeSearch(false);
  };
  const target: Target = isWholeSearch ? { filter: toItemFilter(filter) } : { itemIds: shown.map(({ id }) => id) };

  return (
    <main className="manage broad">
      <div className="head">
        <h1>Items</h1>
        <span className="quiet" role="status">
          {rows && (total === null ? 'more than 10,000' : total.toLocaleString('en'))}
        </span>
        <span className="grow" />
        {missed > 0 && (
          <button type="button" onClick={items.reload}>
            {missed === 1 ? '1 more change' : `${missed.toLocaleString('en')} more changes`}: read anew
          </button>
        )}
      </div>
      <FilterBar
        filter={filter}
        choices={choices}
        onChange={(address, isSameSearch) => {
          choose(new Set());
          go(address, { replace: isSameSearch });
        }}
      />
      {faults.length > 0 && (
        <div className="panel trouble-panel address-faults" role="alert">
          <strong>The address of this page asks for what there is not. </strong>
          {faults.map((fault) => (
            <p key={fault}>{fault}</p>
          ))}
          <button type="button" onClick={() => go(addressOf(filter))}>
            Search without it
          </button>
        </div>
      )}
      {items.error && <Trouble error={items.error} onRetry={items.reload} />}
      {(shown.length > 0 || isWholeSearch) && (
        <div className="panel bulk" role="region" aria-label="What to do with the chosen items">
          <strong>{isWholeSearch ? 'All of this search that wait' : `${shown.length} chosen`}</strong>
          {!isWholeSearch && items.hasMore && (
            <button type="button" className="link" onClick={() => setIsWholeSearch(true)}>
              Choose the whole search
            </button>
          )}
          <span className="grow" />
          <button type="button" onClick={() => setOpen('assign')}>
            Assign…
          </button>
          <button type="button" onClick={() => setOpen('unassign')}>
            Take back…
          </button>
          <button type="button" onClick={() => setOpen('move')}>
            Move…
          </button>
          <button type="button" onClick={() => setOpen('bump')}>
            Bump…
          </button>
          <button type="button" className="danger" onClick={() => setOpen('withdraw')}>
            Withdraw…
          </button>
          <button type="button" className="plain" onClick={() => choose(new Set())}>
            Choose none
          </button>
        </div>
      )}
      {rows === null ? (
        !items.error && faults.length === 0 && <Waiting />
      ) : rows.length === 0 ? (
        <Empty>{whyEmpty(filter, choices)}</Empty>
      ) : (
        <ItemTable rows={rows} chosen={chosen} onChoose={mayManage(who) ? choose : null} />
      )}
      {items.hasMore && (
        <p>
          <button type="button" onClick={items.more}>
            More
          </button>
        </p>
      )}
      {open && (
        <ActionDialog
          kind={open}
          target={target}
          choices={choices}
          onClose={() => {
            setOpen(null);
            choose(new Set());
          }}
          onDone={items.reload}
        />
      )}
    </main>
  );
}

function whyEmpty({ queue, ...others }: Filter, { queues }: Choices): string {
  if (queue !== undefined && queues.length > 0 && !queues.some(({ key }) => key === queue))
    return `There is no queue “${queue}”.`;
  return queue !== undefined || Object.keys(others).length > 0
    ? 'Nothing meets this search.'
    : 'Nothing was flagged yet.';
}
