/** app/acl.json and records/acl/evaluate.json: who may do what. Rights of single records and fields are left out. */
import { z } from 'zod';
import type { AppRight, AppSettings } from './app-settings.ts';
import { checked, flag } from './checked-settings.ts';
import { failures } from './failures.ts';
import { invalid, MOST_ROWS, REQUIRED, sizeBetween } from './kintone-failure.ts';
import { idArgument, requiredList, wholeNumber } from './request-arguments.ts';
import { choosable } from './sandbox-people.ts';
import { demandApp, type Endpoint, type EndpointCall } from './sandbox-state.ts';
import {
  changePreview,
  demandRevision,
  entryOf,
  liveSettings,
  managedSettings,
  previewSettings,
  storeEntry,
} from './settings-state.ts';

export const getRights: Endpoint = (call) => {
  call.caller.demand(idArgument(call.args, 'app'), ['admin']);
  return rightsView(liveSettings(call));
};
export const getPreviewRights: Endpoint = (call) => rightsView(previewSettings(call));

function rightsView({ rights, revision }: AppSettings): object {
  return { rights, revision: String(revision) };
}

const no = flag.default(false);
const right = z.object({
  entity: z.object({
    type: z.enum(['USER', 'ORGANIZATION', 'GROUP', 'CREATOR']),
    code: z.string().nullable().default(null),
  }),
  ...{ includeSubs: no, appEditable: no, recordViewable: no, recordAddable: no, recordEditable: no },
  ...{ recordDeletable: no, recordImportable: no, recordExportable: no },
});
const KINDS = { USER: 'USER_SELECT', GROUP: 'GROUP_SELECT', ORGANIZATION: 'ORGANIZATION_SELECT' } as const;

/** Of the app as it is: rights need no deployment here. */
export const putRights: Endpoint = (call) => {
  const app = idArgument(call.args, 'app');
  call.caller.demand(app, ['admin']);
  const rights = readRights(call);
  const live = liveSettings(call);
  demandRevision(live, app, wholeNumber(call.args.revision, 'revision', null));
  const { preview, ...entry } = entryOf(call.state, app);
  const revision = preview.revision + 1;
  storeEntry(call, app, { ...entry, preview: { ...preview, rights, revision }, live: { ...live, rights, revision } });
  return { revision: String(revision) };
};

export const putPreviewRights: Endpoint = (call) => {
  const { revision } = changePreview(call, (settings) => ({ ...settings, rights: readRights(call) }));
  return { revision: String(revision) };
};

function readRights(call: EndpointCall): readonly AppRight[] {
  const rights = checked(z.array(right), call.args.rights, 'rights');
  for (const { entity } of rights) {
    if (entity.type === 'CREATOR') continue;
    const kind = KINDS[entity.type];
    const code = entity.code ?? '';
    if (!choosable(call.state.people, kind).some((each) => each.code === code)) throw failures.noSuchPerson(kind, code);
  }
  return rights;
}

/** Rights of single records and fields cannot be set here: there are none. */
const noRights = ({ revision }: AppSettings): object => ({ rights: [], revision: String(revision) });
export const getNoRights: Endpoint = (call) => noRights(managedSettings(call));
export const getPreviewNoRights: Endpoint = (call) => noRights(previewSettings(call));

/** An API token is nobody whose rights could be told. */
export const evaluateRights: Endpoint = (call) => {
  const { args, caller } = call;
  if (caller.isTokenOnly) throw failures.tokenMayNot();
  const id = idArgument(args, 'app');
  const records = demandApp(call, id, 'view');
  const ids = requiredList(args, 'ids').map((each, index) => wholeNumber(each, `ids[${index}]`, 0) ?? 0);
  if (ids.length === 0) throw invalid({ ids: [REQUIRED] });
  if (ids.length > MOST_ROWS) throw invalid({ ids: [sizeBetween(1, MOST_ROWS)] });
  const editable = caller.may(id, 'edit');
  const fields = Object.keys(records.app.fields).map((code) => [code, { viewable: true, editable }]);
  return {
    rights: ids.map((record) => {
      if (records.get(record) === undefined) throw failures.noSuchRecord(String(record));
      return {
        id: String(record),
        record: { viewable: true, editable, deletable: caller.may(id, 'delete') },
        fields: Object.fromEntries(fields),
      };
    }),
  };
};
