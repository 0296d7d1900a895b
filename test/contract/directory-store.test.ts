import { databaseKinds, openFreshStore, START_TIMEOUT_MS, type TestDatabases } from '../support/databases.ts';
import { choiceStoreContract } from './directory-choices.contract.ts';
import { directoryStoreContract } from './directory-store.contract.ts';

describe.each(databaseKinds)('the directory on $kind', ({ start }) => {
  let databases: TestDatabases;
  beforeAll(async () => {
    databases = await start();
  }, START_TIMEOUT_MS);
  afterAll(() => databases.stop());

  directoryStoreContract(() => openFreshStore(databases));
  describe('operators’ choices', () => choiceStoreContract(() => openFreshStore(databases)));
});
