/** What an administrator does with the package, and what no package can do. Pure. */
import { homeOf, type WantedCustomField } from './salesforce-custom-fields.ts';
import { permissionSetName } from './salesforce-permission-set.ts';

/** File names beside the folder that is deployed. */
export function salesforceInstructions(custom: readonly WantedCustomField[]): ReadonlyMap<string, string> {
  const layouts = [...new Set(custom.map(({ object }) => object))].map((object) => ({
    object,
    fields: custom.filter((one) => one.object === object).map(({ field }) => field.name),
  }));
  const made = custom.map(({ object, field }) => `${homeOf(object)}.${field.name}`);
  return new Map([
    ['README.md', english(made, layouts)],
    ['README.ja.md', japanese(made, layouts)],
  ]);
}

interface Layout {
  readonly object: string;
  readonly fields: readonly string[];
}

const key = 'openssl req -x509 -newkey rsa:2048 -nodes -days 730 -subj "/CN=toritsugi" -keyout toritsugi.pem -out toritsugi.crt';

function english(made: readonly string[], layouts: readonly Layout[]): string {
  return `# Toritsugi in this org

The folder \`package\` adds ${made.length === 0 ? 'no field' : made.map((name) => `\`${name}\``).join(', ')} and the permission set \`${permissionSetName}\`. It changes and removes nothing else.

## 1. Deploy

    sf project deploy start --metadata-dir package --dry-run --target-org <org>
    sf project deploy start --metadata-dir package --target-org <org>

(or zip the folder and use Workbench → Deploy). Should the org refuse the permission of a field, take those lines out of
\`package/permissionsets/${permissionSetName}.permissionset\`: the org has no such field or opens it to everybody.

## 2. The user

Setup → Users: a user of its own for Toritsugi. Setup → Permission Sets → ${permissionSetName} → Manage Assignments: assign it. Where
records are private, tick View All for Account, Contact and Lead in the set, so that every caller is found.

## 3. The External Client App

Setup → External Client App Manager → New External Client App.

1. Enable OAuth; scope _Manage user data via APIs (api)_. The callback URL is not used; any https address will do.
2. One of the two flows: JWT Bearer (upload \`toritsugi.crt\`), or Client Credentials (choose the user as _Run As_).

       ${key}

3. Policies: _Admin approved users are pre-authorized_, and select the permission set ${permissionSetName}.
4. Settings → OAuth Settings → Consumer Key and Secret: the key is \`SALESFORCE_CLIENT_ID\`.

## 4. Page layouts (if people should see the fields)

${layouts.map(({ object, fields }) => `- Setup → Object Manager → ${object} → Page Layouts → the layout: drag ${fields.join(', ')} into it, read-only.`).join('\n') || '- Nothing to add.'}
- The calls of a contact, lead or account are in its Activity timeline by themselves.

## 5. Check

    ./toritsugi setup salesforce --check
`;
}

function japanese(made: readonly string[], layouts: readonly Layout[]): string {
  return `# この組織で取次を使う準備

\`package\` フォルダーは${made.length === 0 ? '' : `項目 ${made.map((name) => `\`${name}\``).join('、')} と`}権限セット \`${permissionSetName}\` を追加します。ほかは何も変更・削除しません。

## 1. デプロイ

    sf project deploy start --metadata-dir package --dry-run --target-org <組織>
    sf project deploy start --metadata-dir package --target-org <組織>

(フォルダーを ZIP にして Workbench の Deploy でも可能です。)項目の権限が拒否された場合は、その組織に項目がないか、全員に公開されて
いる項目です。\`package/permissionsets/${permissionSetName}.permissionset\` から該当する部分を削除してください。

## 2. ユーザー

「設定」→「ユーザー」で取次専用のユーザーを用意し、「権限セット」→ ${permissionSetName} →「割り当ての管理」で割り当てます。レコードが非公開の
組織では、権限セットの取引先・取引先責任者・リードで「すべて表示」にチェックしてください。すべての着信者を見つけるためです。

## 3. 外部クライアントアプリケーション

「設定」→「外部クライアントアプリケーションマネージャー」→「新規外部クライアントアプリケーション」。

1. OAuth を有効にし、範囲は「API を使用してユーザーデータを管理 (api)」。コールバック URL は使いません(https のアドレスなら何でも可)。
2. フローはどちらか 1 つ: JWT ベアラー(\`toritsugi.crt\` をアップロード)、またはクライアントログイン情報(「別のユーザーとして実行」に上のユーザー)。

       ${key}

3. ポリシー:「管理者が承認したユーザーは事前承認済み」とし、権限セット ${permissionSetName} を選びます。
4. 「設定」→「OAuth 設定」→「コンシューマーの鍵と秘密」の鍵が \`SALESFORCE_CLIENT_ID\` です。

## 4. ページレイアウト(項目を画面に出す場合)

${layouts.map(({ object, fields }) => `- 「設定」→「オブジェクトマネージャー」→ ${object} →「ページレイアウト」で ${fields.join('、')} を参照のみで配置します。`).join('\n') || '- 追加するものはありません。'}
- 取引先責任者・リード・取引先の通話は、活動タイムラインに自動で表示されます。

## 5. 確認

    ./toritsugi setup salesforce --check
`;
}
