import { existsSync } from 'node:fs';
import { environmentWith } from '../config/environment.ts';
import { readSettings, type Settings } from '../config/read-settings.ts';
import { WrongSettings } from '../config/setting.ts';
import { type Finding, failure, fine, warning, words } from '../telephony/check-finding.ts';

/** What the settings themselves tell; null when nothing else can be examined by them. */
export function examineSettings(envFile: string): { readonly settings: Settings | null; readonly findings: readonly Finding[] } {
  try {
    const settings = readSettings(environmentWith(envFile, process.env));
    const read = fine(
      words('settings', '設定'),
      words(`read (${envFile} and the environment)`, `${envFile} と環境変数を読み込みました`),
    );
    return { settings, findings: settings.connectors.length === 0 ? [read, noConnector()] : [read] };
  } catch (error) {
    if (!(error instanceof WrongSettings)) throw error;
    const problems = wrongSettings(error);
    return { settings: null, findings: existsSync(envFile) ? problems : [noFile(envFile), ...problems] };
  }
}

export function wrongSettings({ problems }: WrongSettings): Finding[] {
  return problems.map(({ key, problem, remedy }) => failure(words(`setting ${key}`, `設定 ${key}`), problem, remedy));
}

/** Not everybody has a CRM yet: customers can be imported from a file. */
function noConnector(): Finding {
  return warning(
    words('connectors', '接続先 CRM'),
    words('none is set up: calls are only kept in our own ledger', '設定されていません。通話は取次の台帳にだけ残ります'),
    words(
      'Fill in the settings of Salesforce or of kintone in .env; customers in a file are taken by "toritsugi directory import".',
      '.env に Salesforce または kintone の設定を記入してください。顧客がファイルにある場合は "toritsugi directory import" で取り込めます。',
    ),
  );
}

function noFile(envFile: string): Finding {
  return failure(
    words('settings file', '設定ファイル'),
    words(`there is no ${envFile} in this folder`, `このフォルダーに ${envFile} がありません`),
    words(
      'Run "cp .env.example .env" and fill it in, unless the settings come from the environment.',
      '"cp .env.example .env" を実行して記入してください(設定を環境変数で渡す場合は不要です)。',
    ),
  );
}
