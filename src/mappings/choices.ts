import type { InBothLanguages } from '../../connectors/connector.ts';
import type { Locale } from './locale.ts';

const directions = {
  inbound: { en: 'Inbound', ja: '着信' },
  outbound: { en: 'Outbound', ja: '発信' },
  internal: { en: 'Internal', ja: '内線' },
};

const results = {
  answered: { en: 'Answered', ja: '応答' },
  abandoned: { en: 'Abandoned', ja: '放棄' },
  noAnswer: { en: 'No answer', ja: '不応答' },
  busy: { en: 'Busy', ja: '話中' },
  failed: { en: 'Failed', ja: '失敗' },
  rejected: { en: 'Rejected', ja: '拒否' },
  voicemail: { en: 'Voicemail', ja: '留守番電話' },
};

const hangupSides = {
  customer: { en: 'Customer', ja: '顧客' },
  agent: { en: 'Agent', ja: '担当者' },
  pbx: { en: 'PBX', ja: 'PBX' },
};

const matchKinds = {
  known: { en: 'Known', ja: '登録あり' },
  ambiguous: { en: 'Ambiguous', ja: '複数候補' },
  unknown: { en: 'Unknown', ja: '登録なし' },
  withheld: { en: 'Withheld', ja: '非通知' },
};

const followUpStates = {
  open: { en: 'Open', ja: '未対応' },
  cancelled: { en: 'Cancelled', ja: '取消' },
};

const transferKinds = {
  blind: { en: 'Blind transfer', ja: '即時転送' },
  attended: { en: 'Attended transfer', ja: '相談転送' },
  park: { en: 'Parked', ja: 'パーク' },
};

/** What the facts of type `choice` can say. */
export const choicesOf = {
  direction: Object.keys(directions),
  result: Object.keys(results),
  hangupBy: Object.keys(hangupSides),
  matchKind: Object.keys(matchKinds),
  'followUp.state': Object.keys(followUpStates),
} as const;

const labels: Readonly<Record<string, InBothLanguages>> = {
  ...directions,
  ...results,
  ...hangupSides,
  ...matchKinds,
  ...transferKinds,
  ...followUpStates,
  followUp: { en: 'Follow-up', ja: 'フォローアップ' },
};

/** The word a person reads for one of our choices; a value that is none of them comes back unchanged. */
export function choiceLabel(value: string, locale: Locale): string {
  return Object.hasOwn(labels, value) ? (labels[value]?.[locale] ?? value) : value;
}
