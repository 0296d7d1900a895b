import type { ConnectorDefinition } from './connector.ts';
import { httpConnector } from './http/http-connector.ts';
import { kintoneConnector } from './kintone/kintone-connector.ts';
import { salesforceConnector } from './salesforce/salesforce-connector.ts';

/** Every connector the hub knows; a new one adds its line here. */
export const connectorDefinitions: readonly ConnectorDefinition[] = [salesforceConnector, kintoneConnector, httpConnector];
