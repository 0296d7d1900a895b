/** What a request to a CRM is for and that can wait, the most urgent first. */
export const PATIENT_CLASSES = ['callLog', 'outcome', 'list'] as const;

/** All of them: a phone that rings goes before everything. */
export const REQUEST_CLASSES = ['ringing', ...PATIENT_CLASSES] as const;

export type PatientClass = (typeof PATIENT_CLASSES)[number];

export type RequestClass = (typeof REQUEST_CLASSES)[number];

/**
 * The part of a vendor's day that a class leaves untouched for those before it. Lists can be read tomorrow, a correction changes a
 * log that is there, a call log is owed; a phone that rings is asked for now or never, and nothing of ours refuses it.
 */
export const KEPT_FREE: Readonly<Record<RequestClass, number>> = { ringing: 0, callLog: 0.02, outcome: 0.05, list: 0.15 };
