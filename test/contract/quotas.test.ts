import { databaseKinds } from '../support/databases.ts';
import { quotasContract } from './quotas.contract.ts';

describe.each(databaseKinds)('the CRM budgets on $kind', ({ start }) => {
  quotasContract(start);
});
