/** What a request to a CRM is for, the most urgent first. */
export const REQUEST_CLASSES = ['ringing', 'callLog', 'outcome', 'list'] as const;

export type RequestClass = (typeof REQUEST_CLASSES)[number];

/**
 * The part of a vendor's day that a class leaves untouched for those before it. Lists can be read tomorrow, a correction changes a
 * log that is there, a call log is owed; a phone that rings is asked for now or never, and nothing of ours refuses it.
 */
export const KEPT_FREE: Readonly<Record<RequestClass, number>> = { ringing: 0, callLog: 0.02, outcome: 0.05, list: 0.15 };
