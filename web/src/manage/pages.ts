/** A page of the managers' area. Its component is in `manage-area.tsx`, loaded when the page is opened. */
export interface ManagePage {
  /** Behind /manage/. */
  readonly path: 'overview' | 'items' | 'adjudicate' | 'queues' | 'gold' | 'policy' | 'datasets' | 'people';
  readonly title: string;
  readonly roles: readonly string[];
}

const LEADERS = ['ADMIN', 'MANAGER'];
const ONLOOKERS = [...LEADERS, 'VIEWER'];

/** In the order of the navigation; the first one that a role may see is where /manage leads. */
const PAGES: readonly ManagePage[] = [
  { path: 'overview', title: 'Overview', roles: ONLOOKERS },
  { path: 'items', title: 'Items', roles: ONLOOKERS },
  { path: 'adjudicate', title: 'Adjudicate', roles: LEADERS },
  { path: 'queues', title: 'Queues', roles: ONLOOKERS },
  { path: 'gold', title: 'Known answers', roles: LEADERS },
  { path: 'policy', title: 'Policy', roles: ONLOOKERS },
  { path: 'datasets', title: 'Datasets', roles: ONLOOKERS },
  { path: 'people', title: 'People', roles: LEADERS },
];

export function visiblePages(role: string): ManagePage[] {
  return PAGES.filter((page) => page.roles.includes(role));
}
