/** Name of the reader of the feed of changes (`lib/changes`) that validates what is new. */
export const VALIDATION_READER = 'validation';

/** Version of the rules. A change of `lib/validation` that changes a verdict or its litres raises it: then all readings are judged anew. */
export const RULES_VERSION = 3;
