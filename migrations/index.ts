import { Project1795300000001 } from './1795300000001-project.js';
import { Setup1795300000002 } from './1795300000002-setup.js';
import { Item1795300000003 } from './1795300000003-item.js';
import { Log1795300000004 } from './1795300000004-log.js';
import { Dataset1795300000005 } from './1795300000005-dataset.js';
import { Insight1795300000010 } from './1795300000010-insight.js';
import { Routing1795300000011 } from './1795300000011-routing.js';
import { Promotion1795300000012 } from './1795300000012-promotion.js';
import { SecondThoughts1795300000013 } from './1795300000013-second-thoughts.js';
import { Overlap1795300000014 } from './1795300000014-overlap.js';
import { Deadline1795300000015 } from './1795300000015-deadline.js';
import { Export1795300000017 } from './1795300000017-export.js';
import { EvalFeedback1795300000018 } from './1795300000018-eval-feedback.js';
import { Session1795300000021 } from './1795300000021-session.js';
import { ItemText1795300000025 } from './1795300000025-item-text.js';
import { AccessList1795300000026 } from './1795300000026-access-list.js';
import { DuplicateCases1795300000027 } from './1795300000027-duplicate-cases.js';
import { CompareOlderCases1795300000028 } from './1795300000028-compare-older-cases.js';

/** Every migration, oldest first. Append only: a released one is never edited. */
export const migrations = [
  Project1795300000001,
  Setup1795300000002,
  Item1795300000003,
  Log1795300000004,
  Dataset1795300000005,
  Insight1795300000010,
  Routing1795300000011,
  Promotion1795300000012,
  SecondThoughts1795300000013,
  Overlap1795300000014,
  Deadline1795300000015,
  Export1795300000017,
  EvalFeedback1795300000018,
  Session1795300000021,
  ItemText1795300000025,
  AccessList1795300000026,
  DuplicateCases1795300000027,
  CompareOlderCases1795300000028,
];
