import i18next from 'i18next';
import { useConnectors } from '../hub/queries.ts';

/** Customers imported from a file. */
const LIST = 'customers';

/** How people call a CRM, by our name for it; until the hub has told, that name. */
export function useConnectorLabel(): (connector: string) => string {
  const connectors = useConnectors();
  return (connector) => {
    if (connector === LIST) return i18next.t('desk.customerList');
    return connectors?.find(({ name }) => name === connector)?.label ?? connector;
  };
}
