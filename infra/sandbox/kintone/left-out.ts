/** The calls of the real service that the sandbox does not answer: listed, so that they are refused and not unknown. */

const ACCESS = ['record/acl', 'field/acl'];

const LEFT_OUT: ReadonlySet<string> = new Set([
  ...ACCESS.flatMap((path) => [`PUT ${path}`, `PUT preview/${path}`]),
  ...['POST app/move', 'GET form', 'GET preview/form'],
  ...['GET plugin/apps', 'GET plugins', 'GET plugins/required', 'POST plugin', 'PUT plugin', 'DELETE plugin'],
  ...['GET space', 'PUT space', 'DELETE space', 'PUT space/body', 'GET space/members', 'PUT space/members', 'PUT space/guests'],
  ...['POST space/thread', 'PUT space/thread', 'POST space/thread/comment', 'GET spaces/statistics', 'POST template/space'],
  ...['POST guests', 'DELETE guests', 'GET search', 'POST search'],
]);

export function isLeftOut(method: string, path: string): boolean {
  return LEFT_OUT.has(`${method} ${path.replace(/\.json$/, '')}`);
}
