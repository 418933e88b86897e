import { registerEnumType } from '@nestjs/graphql';

export enum ConflictChoice {
  KEEP_ONE = 'KEEP_ONE',
  KEEP_ALL = 'KEEP_ALL',
  DROP_ALL = 'DROP_ALL',
}
registerEnumType(ConflictChoice, {
  name: 'ConflictChoice',
  valuesMap: {
    KEEP_ONE: { description: 'The item named is right; the others become no case.' },
    KEEP_ALL: {
      description: 'All are right: one case, of the item named, with the answers of the others as alternatives.',
    },
    DROP_ALL: { description: 'None becomes a case.' },
  },
});

export enum AssertionKind {
  EXACT = 'EXACT',
  CONTAINS = 'CONTAINS',
  NOT_CONTAINS = 'NOT_CONTAINS',
  REGEX = 'REGEX',
  JSON_EQUAL = 'JSON_EQUAL',
  CHOICE = 'CHOICE',
  RUBRIC = 'RUBRIC',
}
registerEnumType(AssertionKind, {
  name: 'AssertionKind',
  description: 'How a suite tells right from wrong: a closed list.',
  valuesMap: {
    EXACT: { description: 'The same text as `value`, or else as the expected output or one of its alternatives.' },
    CONTAINS: { description: '`value` is a text that stands in it.' },
    NOT_CONTAINS: { description: '`value` is a text that does not stand in it.' },
    REGEX: { description: '`value` is a regular expression that it matches.' },
    JSON_EQUAL: { description: 'The same JSON as `value`, or else as the expected output or one of its alternatives.' },
    CHOICE: { description: '`value` is a list of texts; it is one of them.' },
    RUBRIC: { description: '`value` is a text by which a model or a person judges it.' },
  },
});

export enum QuarantineChoice {
  ADMIT = 'ADMIT',
  REFUSE = 'REFUSE',
}
registerEnumType(QuarantineChoice, {
  name: 'QuarantineChoice',
  valuesMap: {
    ADMIT: { description: 'It becomes a case, whatever the bar says.' },
    REFUSE: { description: 'It becomes no case, until its item is resolved otherwise.' },
  },
});
