/** Refusals of process management, as the real service words them. */
import { KintoneFailure } from './kintone-failure.ts';

export const processFailures = {
  processDisabled: () =>
    new KintoneFailure(400, 'GAIA_ST02', {
      ja: '操作に失敗しました。プロセス管理機能が無効化されています。',
      en: 'Your request failed. The process management feature has been disabled.',
      zh: '操作失败。流程管理功能已被停用。',
    }),
  statusNotChanged: () =>
    new KintoneFailure(400, 'GAIA_IL03', {
      ja: 'ステータスの変更に失敗しました。ほかのユーザーがステータス、またはステータスの設定を変更した可能性があります。',
      en: 'Failed to update the status. The settings or the status itself may have been changed by someone.',
      zh: '更改状态失败。其他用户可能已更改了状态或状态的设置。',
    }),
  notTheAssignee: () =>
    new KintoneFailure(400, 'GAIA_NT01', {
      ja: '作業者のみがステータスを変更できます。',
      en: 'Only Assignee can change the status.',
      zh: '只有执行者才能更改状态。',
    }),
  assigneeNeeded: () =>
    new KintoneFailure(400, 'GAIA_SA01', { ja: '作業者を指定してください。', en: 'Specify an assignee.', zh: '请指定执行者。' }),
  oneAssigneeOnly: (status: string) =>
    new KintoneFailure(400, 'GAIA_TO02', {
      ja: `「${status}」に指定できる作業者は1人だけです。`,
      en: `Only one assignee can be set to "${status}".`,
      zh: `“${status}”只能指定一名执行者。`,
    }),
} as const;
