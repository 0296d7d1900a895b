/** The calls of the real service that the sandbox does not answer: listed, so that they are refused and not unknown. */

const SETTINGS = ['app/actions', 'app/adminNotes', 'app/customize', 'app/plugins', 'app/reports'];
const NOTIFICATIONS = ['general', 'perRecord', 'reminder'].map((kind) => `app/notifications/${kind}`);
const ACCESS = ['record/acl', 'field/acl'];

const LEFT_OUT: ReadonlySet<string> = new Set([
  ...[...SETTINGS, ...NOTIFICATIONS].flatMap((path) => [`GET ${path}`, `GET preview/${path}`, `PUT preview/${path}`]),
  ...ACCESS.flatMap((path) => [`GET ${path}`, `PUT ${path}`, `GET preview/${path}`, `PUT preview/${path}`]),
  ...['POST app/move', 'POST preview/app/plugins', 'GET form', 'GET preview/form'],
  ...['GET plugin/apps', 'GET plugins', 'GET plugins/required', 'POST plugin', 'PUT plugin', 'DELETE plugin'],
  ...['GET space', 'PUT space', 'DELETE space', 'PUT space/body', 'GET space/members', 'PUT space/members', 'PUT space/guests'],
  ...['POST space/thread', 'PUT space/thread', 'POST space/thread/comment', 'GET spaces/statistics', 'POST template/space'],
  ...['POST guests', 'DELETE guests', 'GET search', 'POST search'],
]);

export function isLeftOut(method: string, path: string): boolean {
  return LEFT_OUT.has(`${method} ${path.replace(/\.json$/, '')}`);
}
