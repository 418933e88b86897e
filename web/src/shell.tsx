import { lazy, type ReactNode, Suspense, useEffect, useRef, useState } from 'react';
import { Link, Redirect, Route, Switch, useRoute } from 'wouter';

import { visiblePages } from './manage/pages.js';
import { Notice } from './notice.js';
import { ReviewPage } from './review/review-page.js';
import type { Who } from './session.js';
import './shell.css';

/** What managers see is loaded when it is asked for, so that a reviewer's page stays small. */
const ManageArea = lazy(async () => ({ default: (await import('./manage/manage-area.js')).ManageArea }));

const AnsweredPage = lazy(async () => ({ default: (await import('./review/answered-page.js')).AnsweredPage }));

const AccountPage = lazy(async () => ({ default: (await import('./account/account-page.js')).AccountPage }));

interface ShellProps {
  who: Who;
  /** What stands behind the name of who is signed in. */
  menu: ReactNode;
}

/** The frame of every page: where one can go, who is signed in, and the page that the address names. */
export function Shell({ who, menu }: ShellProps) {
  const pages = visiblePages(who.role);
  const mayReview = who.role !== 'VIEWER';
  return (
    <div className="shell">
      <header className="bar">
        <Link href="/" className="brand">
          <img src="/mark.svg" alt="" width="22" height="22" /> Countersign
        </Link>
        {pages.length > 0 && (
          <PageBar>
            {mayReview && <PageLink href="/">Review</PageLink>}
            {pages.map(({ path, title }) => (
              <PageLink key={path} href={`/manage/${path}`}>
                {title}
              </PageLink>
            ))}
          </PageBar>
        )}
        <span className="grow" />
        <span className="quiet project">{who.project}</span>
        {menu}
      </header>
      <Switch>
        <Route path="/manage/*?">
          <Suspense fallback={<main className="notice" aria-busy="true" />}>
            <ManageArea who={who} />
          </Suspense>
        </Route>
        <Route path="/">
          {mayReview ? <ReviewPage key={who.id} memberId={who.id} /> : <Redirect to="/manage" replace />}
        </Route>
        {mayReview && (
          <Route path="/answered/*?">
            <Suspense fallback={<main className="notice" aria-busy="true" />}>
              <AnsweredPage who={who} />
            </Suspense>
          </Route>
        )}
        <Route path="/account">
          <Suspense fallback={<main className="notice" aria-busy="true" />}>
            <AccountPage who={who} />
          </Suspense>
        </Route>
        <Route path="/sign-in">
          <Redirect to="/" replace />
        </Route>
        <Route>
          <Notice title="There is no such page">
            <Link href="/">Go to the first page</Link>
          </Notice>
        </Route>
      </Switch>
    </div>
  );
}

/** On a phone not all pages fit: the ends fade where it goes on. */
function PageBar({ children }: { children: ReactNode }) {
  const bar = useRef<HTMLElement>(null);
  const [more, setMore] = useState('');
  useEffect(() => {
    const nav = bar.current!;
    const look = () => {
      const rest = nav.scrollWidth - nav.clientWidth - nav.scrollLeft;
      setMore(`${nav.scrollLeft > 2 ? ' more-left' : ''}${rest > 2 ? ' more-right' : ''}`);
    };
    const watch = new ResizeObserver(look);
    watch.observe(nav);
    nav.addEventListener('scroll', look, { passive: true });
    return () => {
      watch.disconnect();
      nav.removeEventListener('scroll', look);
    };
  }, []);
  return (
    <nav ref={bar} className={`pages${more}`} aria-label="Pages">
      {children}
    </nav>
  );
}

function PageLink({ href, children }: { href: string; children: string }) {
  const [isHere] = useRoute(href === '/' ? '/' : `${href}/*?`);
  const link = useRef<HTMLAnchorElement>(null);
  // On a phone not all fit: where one is stays in sight.
  useEffect(() => {
    if (isHere) link.current?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }, [isHere]);
  return (
    <Link ref={link} href={href} aria-current={isHere ? 'page' : undefined}>
      {children}
    </Link>
  );
}
