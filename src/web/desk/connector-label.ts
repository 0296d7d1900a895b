import i18next from 'i18next';

/** How the CRMs write their own names. */
const LABELS: Readonly<Record<string, string>> = { salesforce: 'Salesforce', kintone: 'kintone' };
/** Customers imported from a file. */
const LIST = 'customers';

export function connectorLabel(connector: string): string {
  return connector === LIST ? i18next.t('desk.customerList') : (LABELS[connector] ?? connector);
}
