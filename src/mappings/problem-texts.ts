import type { InBothLanguages } from '../../connectors/connector.ts';

interface ProblemText {
  readonly message: InBothLanguages;
  readonly remedy: InBothLanguages;
}

function text(message: [en: string, ja: string], remedy: [en: string, ja: string]): ProblemText {
  return { message: { en: message[0], ja: message[1] }, remedy: { en: remedy[0], ja: remedy[1] } };
}

const aboutTheText = {
  tooLarge: text(
    ['The file is larger than {limit}.', 'ファイルが {limit} を超えています。'],
    ['Split it or remove what is not used.', '不要な部分を削ってください。'],
  ),
  notYaml: text(
    ['This is not YAML: {detail}', 'YAML として読めません: {detail}'],
    ['Correct the line; indent with spaces, never with tabs.', '該当行を修正してください。字下げは空白で行います。'],
  ),
  empty: text(
    ['The file says nothing.', 'ファイルが空です。'],
    ['Begin with `connector:`, or restore the file.', 'connector: から書き始めるか、元のファイルに戻してください。'],
  ),
  outOfRange: text(
    ['Too {size}, or too few or too many entries: the limit is {limit}.', '値または件数が範囲外です (限度: {limit})。'],
    ['Keep within the limit.', '限度内にしてください。'],
  ),
  unknownKey: text(['"{name}" means nothing here.', '「{name}」はここでは使えません。'], ['{meant}', '{meantJa}']),
  missing: text(['"{name}" is missing.', '「{name}」がありません。'], ['Add "{name}".', '「{name}」を追加してください。']),
  wrongShape: text(
    ['Expected a {expected}, found a {found}.', '{expected} が必要ですが {found} です。'],
    [
      'Write a {expected}; put text that looks like a number in quotes.',
      '{expected} で書いてください。数字に見える文字列は引用符で囲みます。',
    ],
  ),
  notAllowed: text(
    ['"{value}" is not allowed here.', '「{value}」は指定できません。'],
    ['Use one of: {allowed}.', '指定できる値: {allowed}'],
  ),
  invalid: text(['{detail}.', '値が正しくありません ({detail})。'], ['Correct the value.', '値を修正してください。']),
  duplicate: text(
    ['"{name}" is given twice; the first is at {other}.', '「{name}」が重複しています (先のもの: {other})。'],
    ['Keep one of them.', 'どちらか一つにしてください。'],
  ),
};

const aboutRules = {
  noSource: text(
    ['The rule has no source.', '値の元がありません。'],
    ['Give one of: from, value, template, firstOf.', 'from、value、template、firstOf のどれか一つを書いてください。'],
  ),
  severalSources: text(
    ['The rule has several sources: {names}.', '値の元が複数あります: {names}'],
    ['Keep one of them; firstOf takes several facts.', '一つだけにしてください。複数の候補は firstOf に書きます。'],
  ),
  whenSyntax: text(
    ['The condition cannot be read: {detail}.', '条件を読めません: {detail}'],
    [
      "Write a fact, `not` a fact, or a comparison such as direction == 'inbound'; join them with and / or.",
      "ファクト名、not ファクト名、または direction == 'inbound' のような比較を and / or でつないで書いてください。",
    ],
  ),
  whenType: text(
    ['"{fact}" ({type}) cannot be compared with {value}.', '「{fact}」({type}) は {value} と比較できません。'],
    ['{meant}', '{meantJa}'],
  ),
  templateSyntax: text(
    ['The template cannot be read: {detail}.', 'テンプレートを読めません: {detail}'],
    [
      'Correct it; filters and tags are listed in mappings/README.md.',
      '修正してください。使えるフィルターとタグは mappings/README.md にあります。',
    ],
  ),
  unknownFact: text(
    ['There is no fact "{name}".', 'ファクト「{name}」はありません。'],
    ['{meant} All facts are in mappings/README.md.', '{meantJa} 一覧は mappings/README.md にあります。'],
  ),
  unknownLink: text(
    ['No caller has a link "{name}".', 'link「{name}」を持つ callers がありません。'],
    ['{meant} Links are named in `callers`.', '{meantJa} リンクの名前は callers の link で決めます。'],
  ),
  unknownChoice: text(
    ['"{name}" is none of the values of {fact}.', '「{name}」は {fact} の値ではありません。'],
    ['{meant}', '{meantJa}'],
  ),
  mapIncomplete: text(
    ['The map says nothing for: {names}.', 'map に次の値がありません: {names}'],
    ['Add them to the map, or give a default.', 'map に追加するか、default を書いてください。'],
  ),
  cannotConvert: text(
    ['{found} cannot be written as {as}.', '{found} を {as} にはできません。'],
    ['Use one of: {allowed}.', '指定できる値: {allowed}'],
  ),
};

const aboutTheCrm = {
  unknownObject: text(
    ['The CRM has no object "{name}", or our user may not see it.', 'CRM に「{name}」がないか、権限がありません。'],
    ['{meant} Or give our user access to it.', '{meantJa} または接続ユーザーに権限を与えてください。'],
  ),
  noFollowUpObject: text(
    [
      'The CRM has no object "{name}", or our user may not see it: follow-ups wait, calls are logged all the same.',
      'CRM に「{name}」がないか、権限がありません。次の対応は書き込みを待っています(通話は記録されます)。',
    ],
    [
      'For kintone run `toritsugi setup kintone`, set KINTONE_APPS and KINTONE_API_TOKENS as it says, and restart. Elsewhere name an object our user can see; without follow-ups remove the part `followUp`.',
      'kintone では `toritsugi setup kintone` を実行し、表示されたとおりに KINTONE_APPS と KINTONE_API_TOKENS を設定して再起動してください。ほかの CRM では接続ユーザーに見えるオブジェクトを指定してください。使わない場合は followUp を削除してください。',
    ],
  ),
  unknownField: text(
    ['{object} has no field "{name}", or our user may not see it.', '{object} に項目「{name}」がないか、権限がありません。'],
    ['{meant} Or make the field visible to our user.', '{meantJa} または接続ユーザーに項目を見せてください。'],
  ),
  wrongType: text(
    ['"{field}" takes {expected}, the rule gives {found}.', '「{field}」は {expected} ですが、{found} になります。'],
    ['{remedy}', '{remedyJa}'],
  ),
  tooLong: text(
    [
      'The value has {length} characters, "{field}" takes {limit}.',
      '値は {length} 文字で、「{field}」の上限 {limit} を超えます。',
    ],
    ['Shorten the value.', '値を短くしてください。'],
  ),
  limitTooLong: text(
    ['The limit {length} is more than "{field}" takes ({limit}).', 'limit {length} は「{field}」の上限 {limit} を超えます。'],
    [
      'Lower the limit, or leave it out: text is cut to the field anyway.',
      'limit を下げるか削除してください (項目の長さで自動的に切られます)。',
    ],
  ),
  notInPicklist: text(
    ['The picklist of "{field}" has no "{value}".', '「{field}」の選択肢に「{value}」がありません。'],
    ['{meant} Or add the choice in the CRM.', '{meantJa} または CRM に選択肢を追加してください。'],
  ),
  choicesNotInPicklist: text(
    ['The picklist of "{field}" has not: {missing}.', '「{field}」の選択肢にない値があります: {missing}'],
    [
      'Give a `map` to its choices ({choices}), or add the choices in the CRM.',
      '選択肢 ({choices}) への map を書くか、CRM に選択肢を追加してください。',
    ],
  ),
  requiredUnfilled: text(
    ['The CRM requires "{field}", and nothing fills it.', 'CRM の必須項目「{field}」に値が入りません。'],
    ['Add a rule for it.', 'この項目の規則を追加してください。'],
  ),
  requiredMayBeEmpty: text(
    ['The CRM requires "{field}", and this rule can be empty.', '必須項目「{field}」がこの規則では空になることがあります。'],
    ['Give a default, and no `when`.', 'default を書き、when は付けないでください。'],
  ),
  notWritable: text(
    ['Our user may not write "{field}".', '「{field}」は書き込めません。'],
    [
      'Give our user the right to create and edit it, or remove the rule.',
      '接続ユーザーに編集権限を与えるか、規則を削除してください。',
    ],
  ),
  referenceMismatch: text(
    [
      '"{field}" points at {allowed}; {fact} can be {found}.',
      '「{field}」の参照先は {allowed} ですが、{fact} は {found} になります。',
    ],
    ['Correct the `link` of the caller at {where}.', '{where} の link を修正してください。'],
  ),
  notPhone: text(
    ['"{field}" is of type {type} and holds no phone number.', '「{field}」({type}) に電話番号は入りません。'],
    ['Name a text or phone field.', '文字列または電話の項目を指定してください。'],
  ),
};

const aboutTheKey = {
  keyMissing: text(
    ['Without a key, writing twice would leave two records.', 'key がないと、再送のたびにレコードが増えます。'],
    [
      'Give a unique field as `key`, or say `mayRepeat: true`.',
      '一意の項目を key に指定するか、mayRepeat: true と書いてください。',
    ],
  ),
  keyNotUnique: text(
    ['"{field}" may hold the same value twice and cannot be the key.', '「{field}」は重複を許すため key にできません。'],
    ['{remedy}', '{remedyJa}'],
  ),
  keyTooShort: text(
    [
      '"{field}" holds {length} characters; call ids need {limit}.',
      '「{field}」は {length} 文字までですが、通話 ID には {limit} 文字必要です。',
    ],
    ['Make the field longer.', '項目を長くしてください。'],
  ),
  keyWithRule: text(
    ['"{field}" is the key: it always holds call.id.', '「{field}」は key です。値は常に call.id です。'],
    ['Remove the rule.', '規則を削除してください。'],
  ),
};

const aboutTests = {
  testFailed: text(
    ['Test "{name}" failed: {detail}', 'テスト「{name}」が失敗しました: {detail}'],
    ['Correct the rule, or what the test expects.', '規則かテストの期待値を修正してください。'],
  ),
};

/** What can be wrong with a mapping or an outcomes file; braces are filled with the words of the case. */
export const problemTexts = { ...aboutTheText, ...aboutRules, ...aboutTheCrm, ...aboutTheKey, ...aboutTests };

export type ProblemCode = keyof typeof problemTexts;
