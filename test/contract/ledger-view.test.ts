import { databaseKinds } from '../support/databases.ts';
import { ledgerViewContract } from './ledger-view.contract.ts';

describe.each(databaseKinds)('the ledger as the admin sees it, on $kind', ({ start }) => ledgerViewContract(start));
