/** app/customize.json, app/plugins.json and app/adminNotes.json. Scripts and styles are kept and not run; plug-ins there are none. */
import { z } from 'zod';
import type { AppSettings } from './app-settings.ts';
import { checked, flag, text } from './checked-settings.ts';
import { failures } from './failures.ts';
import { invalid, REQUIRED } from './kintone-failure.ts';
import type { CustomFile, CustomFiles } from './more-settings.ts';
import { idArgument, requiredList } from './request-arguments.ts';
import type { Endpoint, EndpointCall } from './sandbox-state.ts';
import { changePreview, managedSettings, previewSettings } from './settings-state.ts';

export const getCustomization: Endpoint = (call) => customizationView(managedSettings(call));
export const getPreviewCustomization: Endpoint = (call) => customizationView(previewSettings(call));

function customizationView({ more, revision }: AppSettings): object {
  return { ...more.customization, revision: String(revision) };
}

const MOST_FILES = 30;
const file = z.discriminatedUnion('type', [
  z.object({ type: z.literal('URL'), url: z.string().regex(/^https:\/\/\S+$/) }),
  z.object({ type: z.literal('FILE'), file: z.object({ fileKey: text }) }),
]);
const files = z.object({ js: z.array(file).max(MOST_FILES).optional(), css: z.array(file).max(MOST_FILES).optional() });
const customization = z.object({
  scope: z.enum(['ALL', 'ADMIN', 'NONE']).optional(),
  ...{ desktop: files.optional(), mobile: files.optional() },
});

/** What is not sent stays; a list that is sent takes the place of the one before. */
export const putCustomization: Endpoint = (call) => {
  const sent = checked(customization, call.args, '');
  const app = idArgument(call.args, 'app');
  const { revision } = changePreview(call, (settings) => {
    const before = settings.more.customization;
    const changed = {
      scope: sent.scope ?? before.scope,
      desktop: takenFiles(call, app, before.desktop, sent.desktop),
      mobile: takenFiles(call, app, before.mobile, sent.mobile),
    };
    return { ...settings, more: { ...settings.more, customization: changed } };
  });
  return { revision: String(revision) };
};

function takenFiles(call: EndpointCall, app: string, before: CustomFiles, sent: z.infer<typeof files> | undefined): CustomFiles {
  const taken = (known: readonly CustomFile[], wanted: readonly z.infer<typeof file>[] | undefined) =>
    wanted === undefined ? known : wanted.map((each) => takenFile(call, app, known, each));
  return { js: taken(before.js, sent?.js), css: taken(before.css, sent?.css) };
}

/** A file that was there keeps its key; any other is an upload. */
function takenFile(call: EndpointCall, app: string, known: readonly CustomFile[], sent: z.infer<typeof file>): CustomFile {
  if (sent.type === 'URL') return sent;
  const { fileKey } = sent.file;
  const kept = known.find((each) => each.type === 'FILE' && each.file.fileKey === fileKey);
  if (kept !== undefined) return kept;
  const attached = call.state.files.attach(fileKey, app, call.undo);
  if (attached === null) throw failures.noSuchFile(fileKey);
  return { type: 'FILE', file: attached };
}

export const getPlugins: Endpoint = (call) => pluginsView(managedSettings(call));
export const getPreviewPlugins: Endpoint = (call) => pluginsView(previewSettings(call));

function pluginsView({ revision }: AppSettings): object {
  return { plugins: [], revision: String(revision) };
}

/** None is installed in the domain, so that none can be added to an app. */
export const postPlugins: Endpoint = (call) => {
  previewSettings(call);
  const [first] = requiredList(call.args, 'ids').map(String);
  if (first === undefined) throw invalid({ ids: [REQUIRED] });
  throw failures.noSuchPlugin(first);
};

export const getAdminNotes: Endpoint = (call) => notesView(managedSettings(call));
export const getPreviewAdminNotes: Endpoint = (call) => notesView(previewSettings(call));

function notesView({ more, revision }: AppSettings): object {
  return { ...more.adminNotes, revision: String(revision) };
}

const LONGEST_NOTES = 10_000;
const notes = z.object({
  content: text.pipe(z.string().max(LONGEST_NOTES)).optional(),
  includeInTemplateAndDuplicates: flag.optional(),
});

export const putAdminNotes: Endpoint = (call) => {
  const sent = checked(notes, call.args, '');
  const { revision } = changePreview(call, (settings) => {
    const before = settings.more.adminNotes;
    const adminNotes = {
      content: sent.content ?? before.content,
      includeInTemplateAndDuplicates: sent.includeInTemplateAndDuplicates ?? before.includeInTemplateAndDuplicates,
    };
    return { ...settings, more: { ...settings.more, adminNotes } };
  });
  return { revision: String(revision) };
};
