/** How the CRMs write their own names. */
const LABELS: Readonly<Record<string, string>> = { salesforce: 'Salesforce', kintone: 'kintone' };

export function connectorLabel(connector: string): string {
  return LABELS[connector] ?? connector;
}
