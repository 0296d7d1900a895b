/** What `setup kintone` says, in both languages. Pure. */
import type { InBothLanguages } from '../../connectors/connector.ts';
import type { FormConflict, FormStep } from '../../connectors/kintone/setup-plan.ts';
import type { AppGoal } from '../setup/app-goals.ts';
import type { Relation } from '../setup/relations.ts';
import type { WantedRecord } from '../setup/wanted-records.ts';
import { words } from '../telephony/check-finding.ts';

/** Names of the apps that are made; whoever likes others renames them in kintone. */
export const appNames: Readonly<Record<WantedRecord['purpose'], InBothLanguages>> = {
  callLog: words('Call log', '通話履歴'),
  outcome: words('Call outcomes', '対応結果'),
  followUp: words('Follow-ups', 'フォローアップ'),
  leads: words('Lead results', '架電結果'),
};

/** Label and code of the fields on a customer's page. */
export const relatedCodes: Readonly<Record<Relation['purpose'], InBothLanguages>> = {
  callLog: words('calls', '通話履歴一覧'),
  followUp: words('followUps', 'フォローアップ一覧'),
};

/** The view of a new app for follow-ups. */
export const viewName = words('To be done', '未対応の一覧');

const kinds: Readonly<Record<string, InBothLanguages>> = {
  SINGLE_LINE_TEXT: words('text', '文字列 (1行)'),
  MULTI_LINE_TEXT: words('text of several lines', '文字列 (複数行)'),
  RICH_TEXT: words('rich text', 'リッチエディター'),
  NUMBER: words('number', '数値'),
  DATE: words('date', '日付'),
  TIME: words('time', '時刻'),
  DATETIME: words('date and time', '日時'),
  DROP_DOWN: words('drop-down', 'ドロップダウン'),
  RADIO_BUTTON: words('radio buttons', 'ラジオボタン'),
  CHECK_BOX: words('check boxes', 'チェックボックス'),
  MULTI_SELECT: words('multiple choice', '複数選択'),
  USER_SELECT: words('user selection', 'ユーザー選択'),
  LINK: words('link', 'リンク'),
  CALC: words('calculated', '計算'),
  FILE: words('attachment', '添付ファイル'),
  REFERENCE_TABLE: words('related records', '関連レコード一覧'),
};
const kindName = (type: string) => kinds[type] ?? words(type, type);

export function stepLine(step: FormStep): InBothLanguages {
  switch (step.kind) {
    case 'addField': {
      const { type, unique, options } = step.property;
      const kind = kindName(type);
      const choices = typeof options === 'object' && options !== null ? `: ${Object.keys(options).join(', ')}` : '';
      const key = unique === true ? words(', duplicates prohibited', '、値の重複を禁止') : words('', '');
      return words(
        `add the field ${step.code} (${kind.en}${key.en}${choices})`,
        `フィールド ${step.code} を追加(${kind.ja}${key.ja}${choices})`,
      );
    }
    case 'makeUnique':
      return words(`prohibit duplicate values in ${step.code}`, `${step.code} の値の重複を禁止`);
    case 'addChoices':
      return words(
        `add choices to ${step.code}: ${step.choices.join(', ')}`,
        `${step.code} に選択肢を追加: ${step.choices.join(', ')}`,
      );
    case 'arrange':
      return words(
        `lay out the new fields in ${step.rows.length} rows at the end of the form; the others stay where they are`,
        `追加したフィールドをフォームの末尾に ${step.rows.length} 行で配置(既存の配置は変えません)`,
      );
    case 'addView':
      return words(
        `add the view "${step.name}" (${step.open.field}: ${step.open.value}, by ${step.dueBy})`,
        `一覧「${step.name}」を追加(${step.open.field}が${step.open.value}のもの、${step.dueBy}の早い順)`,
      );
    case 'publish':
      return words(
        'publish the app, with everything else that waits in its settings',
        'アプリを更新(未反映の設定がほかにあれば、それも反映されます)',
      );
  }
}

export function conflictLine(conflict: FormConflict): InBothLanguages {
  switch (conflict.kind) {
    case 'otherType': {
      const [is, wanted] = [kindName(conflict.type), kindName(conflict.wanted)];
      return words(
        `${conflict.code} is there as ${is.en} and would have to be ${wanted.en}; it is not changed. Name another field in mappings/kintone.yaml.`,
        `${conflict.code} は${is.ja}として存在しますが、${wanted.ja}が必要です。変更しません。mappings/kintone.yaml で別のフィールドを指定してください。`,
      );
    }
    case 'copied':
      return words(
        `${conflict.code} is filled by a lookup: what is written there is ignored. Name another field in mappings/kintone.yaml.`,
        `${conflict.code} はルックアップでコピーされるため、書き込んでも無視されます。mappings/kintone.yaml で別のフィールドを指定してください。`,
      );
    case 'inTable':
      return words(
        `${conflict.code} is a cell of a table. Name a field of the record itself in mappings/kintone.yaml.`,
        `${conflict.code} はテーブルの中のフィールドです。mappings/kintone.yaml でテーブルの外のフィールドを指定してください。`,
      );
    case 'requiredUnfilled':
      return words(
        `${conflict.code} is required and the mapping does not fill it: every record would be refused. Take "Required" off or fill it.`,
        `${conflict.code} は必須ですが、マッピングが値を入れません。すべてのレコードが拒否されます。「必須項目にする」を外すか、値を入れてください。`,
      );
    case 'unpublished':
      return words(
        `somebody's changes are not published yet (${conflict.codes.join(', ')}) and would be published along. Publish or discard them first, or add --publish-all.`,
        `未反映の変更があり(${conflict.codes.join(', ')})、一緒に反映されてしまいます。先に反映または取り消すか、--publish-all を付けてください。`,
      );
  }
}

export function missingCallerLine(field: string): InBothLanguages {
  return words(
    `${field} is not there, though mappings/kintone.yaml looks for callers with it. Correct the mapping; nothing is made of it.`,
    `${field} がありません。mappings/kintone.yaml が着信者の検索に使っています。マッピングを直してください(作成はしません)。`,
  );
}

export function nameTakenLine(goal: AppGoal, name: string, apps: readonly string[]): InBothLanguages {
  const [first = ''] = apps;
  return words(
    `there is an app "${name}" already (${apps.join(', ')}). To extend it, set KINTONE_APPS=…,${goal.object}=${first}; to make another one all the same, add --new ${goal.object}.`,
    `「${name}」というアプリがすでにあります(${apps.join(', ')})。それを使う場合は KINTONE_APPS=…,${goal.object}=${first} と設定し、別に作る場合は --new ${goal.object} を付けてください。`,
  );
}

/** What only a person can do: API tokens are not made by the API. */
export function afterwards(baseUrl: string, goals: readonly (AppGoal & { readonly app: string })[]): readonly InBothLanguages[] {
  const apps = goals.map(({ object, app }) => `${object}=${app}`).join(',');
  const clicks = goals.flatMap(({ object, app, record }) => {
    const url = `${baseUrl}/k/admin/app/apitoken?app=${app}`;
    return record === null
      ? [
          words(
            `  ${object}: ${url} → Generate, tick "View records"`,
            `  ${object}: ${url} →「生成する」→「レコード閲覧」にチェック`,
          ),
        ]
      : [
          words(
            `  ${object}: ${url} → Generate, tick "View records", "Add records", "Edit records"`,
            `  ${object}: ${url} →「生成する」→「レコード閲覧」「レコード追加」「レコード編集」にチェック`,
          ),
        ];
  });
  return [
    words(
      'What is left for you, because kintone makes API tokens only by hand:',
      'API トークンは kintone の画面でしか作れません。残りの作業:',
    ),
    ...clicks,
    words(
      '    then Save, then Update app (a token does nothing before that).',
      '    「保存」のあと「アプリを更新」(更新するまでトークンは使えません)。',
    ),
    words('  In .env:', '  .env に:'),
    words(`    KINTONE_APPS=${apps}`, `    KINTONE_APPS=${apps}`),
    words(
      `    KINTONE_API_TOKENS=${goals.map(({ object }) => `<${object}>`).join(',')}`,
      `    KINTONE_API_TOKENS=${goals.map(({ object }) => `<${object}>`).join(',')}`,
    ),
    words('  Then: ./toritsugi doctor', '  そのあと: ./toritsugi doctor'),
  ];
}
