/** What `owed` says, in both languages. Pure. */
import type { InBothLanguages } from '../../connectors/connector.ts';
import { words } from '../telephony/check-finding.ts';
import type { ConnectorHold, OwedStatus } from '../write-back/owed-record.ts';

export const statusWords: Readonly<Record<OwedStatus, InBothLanguages>> = {
  owed: words('owed', '待機中'),
  writing: words('writing', '書き込み中'),
  written: words('written', '記録済み'),
  refused: words('refused', '拒否・要対応'),
  discarded: words('discarded', '破棄済み'),
  notNeeded: words('notNeeded', '対象外'),
};

const holdWords: Readonly<Record<ConnectorHold['kind'], InBothLanguages>> = {
  unreachable: words('it cannot be reached', '接続できません'),
  rateLimited: words('its limit is reached', '利用上限に達しました'),
  unauthorized: words('it refuses our sign-in', '認証に失敗しました'),
  heldBack: words('the rest of its day is kept for ringing phones', '1 日の残りを着信時の検索に取り置いています'),
};

export const owedWords = {
  held: ({ connector, kind, until, reason }: ConnectorHold) => {
    const at = new Date(until).toISOString();
    return words(
      `${connector} is held until ${at}, ${holdWords[kind].en}: ${reason}`,
      `${connector} への書き込みを ${at} まで保留中。${holdWords[kind].ja}: ${reason}`,
    );
  },
  nothing: (status: OwedStatus | null) =>
    status === null
      ? words('Nothing is owed: every CRM has what it should have.', 'CRM に届いていない記録はありません。')
      : words(`Nothing is ${status}.`, `${statusWords[status].ja}の記録はありません。`),
  more: (count: number) =>
    words(`… and ${count} more; --limit shows more at once.`, `… ほか ${count} 件。--limit で表示件数を増やせます。`),
  tried: (attempts: number) => words(`tried ${attempts}×`, `試行 ${attempts} 回`),
  oneOrAll: words(
    'Name one record by its id, or all of them with --all.',
    '記録の ID を 1 つ指定するか、--all ですべてを指定してください。',
  ),
  noneToRetry: (id: string) =>
    words(
      `No record ${id} is owed or refused. \`owed list\` shows the ids; a duplicate can only be discarded.`,
      `待機中・拒否の記録に ${id} はありません。ID は \`owed list\` で確認できます(重複の記録は破棄だけができます)。`,
    ),
  retried: (count: number) =>
    words(
      `${count} ${count === 1 ? 'record is' : 'records are'} tried again by the running hub.`,
      `${count} 件を、稼働中のハブがもう一度書き込みます。`,
    ),
  sayWhy: words(
    'Say why with --reason: it is kept with the record.',
    '--reason で理由を指定してください。記録とともに残ります。',
  ),
  noneToDiscard: (id: string) =>
    words(
      `No record ${id} is owed or refused. \`owed list\` shows the ids.`,
      `待機中・拒否の記録に ${id} はありません。ID は \`owed list\` で確認できます。`,
    ),
  discarded: words('The record is discarded.', '記録を破棄しました。'),
} as const;
