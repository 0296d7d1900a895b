/** What `directory sync · find · unreadable` say, in both languages. Pure. */
import { ConnectorError, detailOf, type InBothLanguages } from '../../connectors/connector.ts';
import { whyInWords } from '../callers/directory-report.ts';
import type { SyncReport } from '../callers/directory-sync.ts';
import type { ReadNumber } from '../callers/phone-number.ts';
import { asTheyAre, words } from '../telephony/check-finding.ts';

export const directoryWords = {
  synced: ({ connector, records, deleted, pages }: SyncReport) =>
    words(
      `${connector}: ${records} records and ${deleted} deletions in ${pages} pages`,
      `${connector}: ${records} 件を読み込み、${deleted} 件を削除しました(${pages} ページ)`,
    ),
  notSynced: (connector: string, error: unknown): InBothLanguages => {
    const told =
      error instanceof ConnectorError ? detailOf(error) : asTheyAre(error instanceof Error ? error.message : String(error));
    return words(`${connector}: ${told.en}`, `${connector}: ${told.ja}`);
  },
  noConnector: (wanted: string, names: readonly string[]) =>
    words(
      `there is no connector "${wanted}"; configured: ${names.join(', ') || 'none'}`,
      `接続先 "${wanted}" はありません。設定済み: ${names.join(', ') || 'なし'}`,
    ),
  nobodyHas: (number: string) => words(`nobody has ${number}`, `${number} のお客様は登録されていません`),
  limit: words('--limit is a whole number from 1 to 999999', '--limit は 1〜999999 の整数で指定してください'),
  allReadable: words('every telephone field can be read', 'すべての電話番号を読み取れます'),
} as const;

const kindsJa: Readonly<Record<Exclude<ReadNumber['kind'], 'number' | 'unreadable'>, string>> = {
  withheld: '非通知',
  extension: '内線番号',
};

export function noNumber(read: Exclude<ReadNumber, { readonly kind: 'number' }>): InBothLanguages {
  const why =
    read.kind === 'unreadable' ? words(whyInWords.en[read.why], whyInWords.ja[read.why]) : words(read.kind, kindsJa[read.kind]);
  return words(
    `this is no telephone number (${why.en}); give it with its area code, for example 03-1234-5678`,
    `電話番号として読み取れません(${why.ja})。市外局番から指定してください。例: 03-1234-5678`,
  );
}
