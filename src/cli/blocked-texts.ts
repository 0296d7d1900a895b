/** What `blocked` says, in both languages. Pure. */
import type { InBothLanguages } from '../../connectors/connector.ts';
import type { BlockedNumber } from '../routing/blocked-store.ts';
import { words } from '../telephony/check-finding.ts';

export const blockedWords = {
  nothing: words('No number is blocked.', '着信拒否の番号はありません。'),
  sayWhy: words('Say why with --reason, in at most 200 characters.', '--reason で理由を 200 文字以内で指定してください。'),
  notBlocked: (pattern: string) =>
    words(
      `${pattern} is not blocked. \`blocked list\` shows what is.`,
      `${pattern} は着信拒否になっていません。\`blocked list\` で一覧を確認できます。`,
    ),
  removed: (pattern: string) => words(`${pattern} is put through again.`, `${pattern} の着信拒否を解除しました。`),
} as const;

export function blockedLine({ pattern, reason, by, at, until }: BlockedNumber): InBothLanguages {
  const end = until === null ? null : new Date(until).toISOString();
  const day = new Date(at).toISOString().slice(0, 10);
  const why = reason.replaceAll(/\s+/gu, ' ');
  return words(
    [pattern, end === null ? 'until it is removed' : `until ${end}`, `by ${by} on ${day}`, why].join('  '),
    [pattern, end === null ? '解除するまで' : `${end} まで`, `登録: ${by} ${day}`, why].join('  '),
  );
}
