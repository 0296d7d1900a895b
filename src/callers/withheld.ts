/** Words and codes with which networks, PBXs and people say that there is no number. Pure. */

/**
 * `caller`: the caller does not want to show it (非通知). `payphone`: 公衆電話. `unavailable`: the network cannot deliver it
 * (表示圏外, 通知不可). `none`: nothing was given.
 */
export type WithheldReason = 'caller' | 'payphone' | 'unavailable' | 'none';

const words: Readonly<Record<WithheldReason, readonly string[]>> = {
  caller: [
    'anonymous',
    'restricted',
    'private',
    'private number',
    'private caller',
    'withheld',
    'withheld number',
    'number withheld',
    'blocked',
    'hidden',
    'secret',
    'no caller id',
    'caller id blocked',
    'p',
    '非通知',
    '非通知設定',
    '番号非通知',
    '非通知着信',
    'ヒツウチ',
    '266696687',
  ],
  payphone: ['payphone', 'pay phone', 'coin line', 'coinline', 'coin line/payphone', 'coin', 'c', '公衆電話', 'コウシュウ'],
  unavailable: [
    'unavailable',
    'not available',
    'number unavailable',
    'out of area',
    'interaction with other service',
    'o',
    's',
    '表示圏外',
    '通知圏外',
    '圏外',
    '通知不可',
    '通知不可能',
    'サービス競合',
    'ヒョウジケンガイ',
    '86282452253',
  ],
  none: [
    '',
    'unknown',
    'unknown caller',
    'unknown number',
    'asterisk',
    'no number',
    'none',
    'null',
    'nil',
    'n/a',
    'undefined',
    '不明',
    '番号不明',
  ],
};

const reasonOfWord = new Map<string, WithheldReason>();
for (const reason of ['caller', 'payphone', 'unavailable', 'none'] as const) {
  for (const word of words[reason]) reasonOfWord.set(word, reason);
}

/** Why there is no number in `text` (already half width), or null when the words do not say so. */
export function withheldReason(text: string): WithheldReason | null {
  const bare = text
    .toLowerCase()
    .replace(/^sips?:/, '')
    .replace(/^"([^"]*)"\s*/, (_, name: string) => (text.includes('<') ? '' : name))
    .replace(/^[<("'+]+|[>)"']+$/g, '')
    .trim();
  if (/@(?:anonymous|unknown)\.invalid(?:[;:].*)?$/.test(bare)) return 'caller';
  const user = bare.replace(/@.*$/, '').trim();
  if (/^0+$/.test(user)) return 'none';
  return reasonOfWord.get(user) ?? null;
}
