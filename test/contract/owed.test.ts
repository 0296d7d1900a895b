import { databaseKinds } from '../support/databases.ts';
import { owedContract } from './owed.contract.ts';

describe.each(databaseKinds)('owed records on $kind', ({ start }) => owedContract(start));
