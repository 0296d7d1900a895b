/** What `setup salesforce --check` and doctor say of each field, in both languages. Pure. */
import type { InBothLanguages } from '../../connectors/connector.ts';
import type { FieldVerdict } from '../setup/salesforce-check.ts';
import { permissionSetName } from '../setup/salesforce-permission-set.ts';
import { type Finding, failure, fine, words } from '../telephony/check-finding.ts';

export function verdictFindings(verdicts: readonly FieldVerdict[]): readonly Finding[] {
  return verdicts.map(findingOf);
}

const setName = words(`the permission set ${permissionSetName}`, `権限セット ${permissionSetName}`);
const deploy = words(
  'Deploy the package of "toritsugi setup salesforce" and assign the permission set to our user.',
  '"toritsugi setup salesforce" のパッケージをデプロイし、権限セットを連携ユーザーに割り当ててください。',
);

function findingOf(verdict: FieldVerdict): Finding {
  const { object } = verdict;
  switch (verdict.kind) {
    case 'fine': {
      const text = words(`all ${verdict.fields} fields of the mapping`, `マッピングの ${verdict.fields} 項目すべて`);
      return fine(title(object), words(`${text.en} can be used`, `${text.ja}を利用できます`));
    }
    case 'noObject':
      return failure(
        title(object),
        words('it is not there, or our user may not see it', '存在しないか、連携ユーザーに見えません'),
        verdict.isActivity ? openTasks : openObject(object),
      );
    case 'objectClosed':
      return failure(
        title(object),
        words('our user may not create records', '連携ユーザーはレコードを作成できません'),
        verdict.isActivity ? openTasks : openObject(object),
      );
    case 'noField':
      return failure(
        title(`${object}.${verdict.field}`),
        words('it is not there, or field-level security hides it', '存在しないか、項目レベルセキュリティで隠されています'),
        verdict.isCustom ? deploy : openField(object, verdict.field, words('Read', '参照')),
      );
    case 'notWritable':
      return failure(
        title(`${object}.${verdict.field}`),
        words('our user may see it and not set it', '連携ユーザーは参照できますが、値を入れられません'),
        openField(object, verdict.field, words('Edit', '編集')),
      );
    case 'notKey':
      return failure(
        title(`${object}.${verdict.field}`),
        words(
          'it is no external ID, so a call could be written twice',
          '外部 ID ではないため、通話が二重に記録されるおそれがあります',
        ),
        words(
          `Setup → Object Manager → ${homeName(object)} → ${verdict.field} → Edit: tick External ID.`,
          `設定 → オブジェクトマネージャー → ${homeName(object)} → ${verdict.field} → 編集 で「外部 ID」にチェックしてください。`,
        ),
      );
    case 'notUnique':
      return failure(
        title(`${object}.${verdict.field}`),
        words('it is not unique, so a call could be written twice', '一意ではないため、通話が二重に記録されるおそれがあります'),
        words(
          `Setup → Object Manager → ${object} → ${verdict.field} → Edit: tick Unique.`,
          `設定 → オブジェクトマネージャー → ${object} → ${verdict.field} → 編集 で「ユニーク」にチェックしてください。`,
        ),
      );
  }
}

function title(what: string): InBothLanguages {
  return words(`Salesforce: rights on ${what}`, `Salesforce: ${what} の権限`);
}

function homeName(object: string): string {
  return object === 'Task' || object === 'Event' ? 'Activity' : object;
}

const openTasks = words(
  `In ${setName.en} → System Permissions, tick Access Activities and Edit Tasks.`,
  `${setName.ja} →「システム権限」で「活動へのアクセス」と「ToDo の編集」にチェックしてください。`,
);

function openObject(object: string): InBothLanguages {
  return words(
    `In ${setName.en} → Object Settings → ${object}, tick Read (and Create, Edit where calls are written).`,
    `${setName.ja} →「オブジェクト設定」→ ${object} で「参照」(通話を書き込む場合は「作成」「編集」も)にチェックしてください。`,
  );
}

function openField(object: string, field: string, right: InBothLanguages): InBothLanguages {
  return words(
    `In ${setName.en} → Object Settings → ${object} → Field Permissions, tick ${right.en} for ${field}, and assign the set to our user.`,
    `${setName.ja} →「オブジェクト設定」→ ${object} →「項目権限」で ${field} の「${right.ja}」にチェックし、連携ユーザーに割り当ててください。`,
  );
}
