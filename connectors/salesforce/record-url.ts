/** The page of a record: on the org's Lightning host, which goes by another name than its API; any other host serves it itself. */
export function recordPageUrl(instanceUrl: string, ref: { readonly object: string; readonly id: string }): string {
  const url = new URL(instanceUrl);
  url.hostname = url.hostname.replace(/\.my\.salesforce\.com$/, '.lightning.force.com');
  url.pathname = `/lightning/r/${encodeURIComponent(ref.object)}/${encodeURIComponent(ref.id)}/view`;
  return url.href;
}
